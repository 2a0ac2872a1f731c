/* An open sheet is a place in the history (`?sheet=name`), so the back gesture closes it. */
import { useRoute, useRouter } from 'vue-router'
import { computed, type ComputedRef } from 'vue'

export interface Sheets {
  /** The name of the open sheet. */
  open: ComputedRef<string | null>
  /** Its parameter: an id, a number. */
  of: ComputedRef<string | null>
  show: (name: string, of?: string) => void
  /** Closes it; resolves when the history has moved. */
  hide: () => Promise<void>
}

export function useSheets(): Sheets {
  const route = useRoute()
  const router = useRouter()
  const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null)
  const open = computed(() => text(route.query.sheet))
  const of = computed(() => text(route.query.of))

  function show(name: string, id?: string): void {
    const query = { ...route.query, sheet: name, ...(id ? { of: id } : {}) }
    // Another sheet over an open one takes its place: one step back closes both.
    const pushed = !open.value || (history.state as { sheet?: boolean } | null)?.sheet === true
    const to = { query, ...(pushed ? { state: { sheet: true } } : {}) }
    void (open.value ? router.replace(to) : router.push(to))
  }

  function hide(): Promise<void> {
    if (!open.value) return Promise.resolve()
    if ((history.state as { sheet?: boolean } | null)?.sheet) {
      return new Promise((resolve) => {
        const stop = router.afterEach(() => {
          stop()
          resolve()
        })
        router.back()
      })
    }
    const { sheet: _sheet, of: _of, ...query } = route.query
    return router.replace({ query }).then(() => undefined)
  }

  return { open, of, show, hide }
}
