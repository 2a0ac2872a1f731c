/* Fetching code before it is asked for: the first page's at once; and where no service worker can keep the app (plain
   http), everything else while nothing happens, so that no screen is missing when the connection goes. */
import { longDay } from '@/shared/lib/dates.ts'
import { parts } from './lazy.ts'
import { router } from './router.ts'

const pages = import.meta.glob<unknown>('./pages/*.vue')

/** Starts fetching the first page beside the language and the question who is here, instead of after them. */
export function warmFirstPage(): void {
  const path = location.pathname === '/' ? '/today' : location.pathname
  for (const { components } of router.resolve(path).matched) {
    const load = components?.default as (() => Promise<unknown>) | undefined
    void load?.().catch(() => undefined)
  }
}

/** A browser's first date in a language costs as much as a screen: paid while the network is waited for. */
export function warmDates(): void {
  longDay(new Date())
}

export function warmRest(): void {
  if ('serviceWorker' in navigator) return
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 2000))
  idle(() => {
    for (const load of [...Object.values(pages), ...Object.values(parts)]) void load().catch(() => undefined)
  })
}
