/* The service worker: keeps the shell for opening offline, shows reminders, and sends waiting writes when the
   browser wakes it. It never keeps an answer of /graphql: what people see offline is the page's own snapshots. */
/// <reference lib="webworker" />
import { db } from '../shared/offline/db.ts'
import { flush } from '../shared/offline/flush.ts'
import { receive, target } from './push.ts'
import { fallback, install, sweep } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

self.addEventListener('install', (event) => event.waitUntil(install()))

self.addEventListener('activate', (event) => event.waitUntil(sweep().then(() => self.clients.claim())))

self.addEventListener('fetch', (event) => {
  const answer = fallback(event.request)
  if (answer) event.respondWith(answer)
})

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

self.addEventListener('push', (event) => {
  event.waitUntil(remind(event.data?.text() ?? ''))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(target(event.notification.data, self.location.origin)))
})

self.addEventListener('sync', (event) => {
  const sync = event as ExtendableEvent & { tag: string }
  if (sync.tag === 'outbox') sync.waitUntil(send())
})

async function remind(text: string): Promise<void> {
  const chosen = await db()
    .then((store) => store.get('meta', 'locale'))
    .catch(() => undefined)
  const shown = receive(text, typeof chosen === 'string' ? chosen : self.navigator.language)
  await self.registration.showNotification(shown.title, shown.options)
  const badge = self.navigator as WorkerNavigator & { setAppBadge?: (count: number) => Promise<void> }
  if (shown.count !== null) await badge.setAppBadge?.(shown.count).catch(() => undefined)
}

/** Pages send for themselves (and refetch after); without one the worker does, and fails so that it is woken again. */
async function send(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' })
  for (const page of pages) page.postMessage({ kind: 'flush' })
  if (pages.length) return
  const result = await flush()
  if (result.state === 'later') throw new Error('not sent yet')
}

async function open(path: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: false })
  const page = pages.find((candidate) => candidate.visibilityState === 'visible') ?? pages[0]
  if (!page) {
    await self.clients.openWindow(path)
    return
  }
  // The page moves itself there, so nothing she typed is lost to a reload.
  page.postMessage({ kind: 'open', url: path })
  await page.focus().catch(() => undefined)
}
