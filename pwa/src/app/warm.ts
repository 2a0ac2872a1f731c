/* Fetching code before it is asked for: the day's page at once; and where no service worker can keep the app (plain
   http), everything else while nothing happens, so that no screen is missing when the connection goes. */
import { parts } from './lazy.ts'

const pages = import.meta.glob<unknown>('./pages/*.vue')

/** Starts fetching the day's page beside the language, instead of after it. */
export function warmFirstPage(): void {
  if (location.pathname === '/' || location.pathname === '/today') void pages['./pages/TodayPage.vue']?.()
}

export function warmRest(): void {
  if ('serviceWorker' in navigator) return
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 2000))
  idle(() => {
    for (const load of [...Object.values(pages), ...Object.values(parts)]) void load().catch(() => undefined)
  })
}
