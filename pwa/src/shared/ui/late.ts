import { onScopeDispose, type Ref, ref } from 'vue'

/** True once `ms` have passed: short waits show nothing rather than a flash. */
export function useLate(ms = 150): Ref<boolean> {
  const late = ref(false)
  const timer = setTimeout(() => (late.value = true), ms)
  onScopeDispose(() => clearTimeout(timer))
  return late
}
