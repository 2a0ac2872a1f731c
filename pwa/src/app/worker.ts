/* The service worker as the page sees it: registering, offering its update, following a tapped reminder. */
import { ref } from 'vue'
import { flusher } from '@/shared/graphql/outbox.ts'
import { ownPath } from '@/shared/lib/paths.ts'
import { router } from './router.ts'

export const updateWaits = ref(false)
let waitingWorker: ServiceWorker | null = null

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  navigator.serviceWorker.addEventListener('message', onMessage)
  try {
    const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
    offer(registration.waiting)
    // Another tab may have found it a moment ago.
    follow(registration.installing)
    registration.addEventListener('updatefound', () => follow(registration.installing))
    followOthers(navigator.serviceWorker.controller !== null)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
    })
  } catch {
    // Plain http, or a browser that forbids it: the app works, it only does not open offline.
  }
}

function follow(worker: ServiceWorker | null): void {
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) offer(worker)
  })
}

function offer(worker: ServiceWorker | null): void {
  if (!worker) return
  waitingWorker = worker
  updateWaits.value = true
}

/** Another tab switched: this one still runs the old version, whose files are gone. */
function followOthers(controlled: boolean): void {
  let before = controlled
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (before) {
      waitingWorker = null
      updateWaits.value = true
    }
    before = true
  })
}

/** What is typed becomes a draft this many ms after the last key at the latest. */
const KEPT = 400

/** Lets the waiting version take over and reloads once it has. Waiting writes are on the device already, drafts are
    after a moment. */
export function updateNow(): void {
  const afresh = () => setTimeout(() => location.reload(), KEPT)
  if (!waitingWorker) return void afresh()
  navigator.serviceWorker.addEventListener('controllerchange', afresh, { once: true })
  waitingWorker.postMessage('take-over')
}

function onMessage(event: MessageEvent<{ kind?: string; url?: string }>): void {
  if (event.data?.kind === 'flush') flusher.hurry()
  const path = event.data?.kind === 'open' && ownPath(event.data.url)
  if (path) void router.push(path)
}
