/* News between the page, its other tabs and the service worker: "the outbox or a snapshot changed". */

/** `rights`: she may see other customers than before. */
export type News = 'outbox' | 'sent' | 'signed-out' | 'signed-in' | 'sign-in-needed' | 'rights'

type Listener = (news: News) => void
const listeners = new Set<Listener>()
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('shuke')

if (channel) channel.onmessage = (event: MessageEvent<News>) => tell(event.data)
// Node's channel (tests) would keep the process alive.
;(channel as { unref?: () => void } | undefined)?.unref?.()

function tell(news: News): void {
  for (const listener of listeners) listener(news)
}

export function announce(news: News): void {
  tell(news)
  channel?.postMessage(news)
}

export function onNews(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
