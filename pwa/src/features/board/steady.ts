/* Rows keep their place while a finger is on them: fresh numbers may change what they say, not where they stand. */
import { computed, type ComputedRef, onScopeDispose, ref, type Ref, watch } from 'vue'
import { inOrder } from './overlay.ts'

const AFTER = 1500

/** `rows` in the order they had when `place` was touched, or a key led into it, and for a moment after. */
export function useSteady<T>(
  rows: () => readonly T[],
  keyOf: (row: T) => string,
  place: Readonly<Ref<HTMLElement | null>>,
): ComputedRef<readonly T[]> {
  const held = ref(false)
  let keys: string[] = []
  let release: ReturnType<typeof setTimeout> | undefined

  const hold = () => {
    clearTimeout(release)
    held.value = true
  }
  const letGo = () => {
    clearTimeout(release)
    release = setTimeout(() => (held.value = false), AFTER)
  }
  const focused = (event: FocusEvent) => (event.target as Element).matches(':focus-visible') && hold()
  const events = [
    ['pointerdown', hold],
    ['focusin', focused],
    ['pointerup', letGo],
    ['pointercancel', letGo],
    ['focusout', letGo],
  ] as [string, EventListener][]
  watch(place, (now, before) => {
    for (const [name, listener] of events) {
      before?.removeEventListener(name, listener)
      now?.addEventListener(name, listener, { passive: true })
    }
  })
  onScopeDispose(() => clearTimeout(release))

  return computed(() => {
    const shown = held.value && keys.length ? inOrder(rows(), keys, keyOf) : rows()
    keys = shown.map(keyOf)
    return shown
  })
}
