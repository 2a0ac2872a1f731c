/* Fetching code before it is asked for: the first page's at once; and where no service worker can keep the app (plain
   http), everything else while nothing happens, so that no screen is missing when the connection goes. */
import type { RouteRecordNormalized } from 'vue-router'
import { whenIdle } from '@/shared/lib/idle.ts'
import { files } from './lazy.ts'
import { router } from './router.ts'

function warm({ components }: RouteRecordNormalized): void {
  // The router puts a page that was opened in the place of its loader.
  const page = components?.default as (() => Promise<unknown>) | object | undefined
  if (typeof page === 'function') void page().catch(() => undefined)
}

/** Starts fetching the first page beside the language and the question who is here, instead of after them. */
export function warmFirstPage(): void {
  router.resolve(location.pathname === '/' ? '/today' : location.pathname).matched.forEach(warm)
}

export function warmRest(): void {
  if ('serviceWorker' in navigator) return
  whenIdle(() => {
    router.getRoutes().forEach(warm)
    for (const load of Object.values(files)) void load().catch(() => undefined)
  })
}
