import { onScopeDispose, type Ref, ref, watch } from 'vue'

/** Turns true a task after `when` first holds: what is shown then does not hold up the first picture. */
export function later(when: () => boolean): Ref<boolean> {
  const now = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = watch(
    when,
    (holds) => {
      if (!holds || timer !== undefined) return
      timer = setTimeout(() => (now.value = true))
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  return now
}
