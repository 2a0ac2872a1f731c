/* Fetching code before it is asked for: the first page's at once; and where no service worker can keep the app (plain
   http), everything else while nothing happens, so that no screen is missing when the connection goes. */
import { loadWords } from '@/shared/lib/i18n.ts'
import { whenIdle } from '@/shared/lib/idle.ts'
import { words } from '@/shared/lib/words.ts'
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

export function warmRest(): void {
  if ('serviceWorker' in navigator) return
  whenIdle(() => {
    for (const load of [...Object.values(pages), ...Object.values(parts)]) void load().catch(() => undefined)
    for (const family of Object.values(words)) void loadWords(family).catch(() => undefined)
  })
}
