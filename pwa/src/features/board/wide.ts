import { onScopeDispose, ref, type Ref } from 'vue'

/** There is room for a pane beside the board. */
export function useWide(): Ref<boolean> {
  const query = matchMedia('(min-width: 1024px)')
  const wide = ref(query.matches)
  const follow = () => (wide.value = query.matches)
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return wide
}
