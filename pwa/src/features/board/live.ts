/* The server says "something changed"; the screen asks again. Where it cannot be heard, the screen asks by the clock. */
import { onScopeDispose, ref, type Ref } from 'vue'

/** What moves a number, a row or a card of the board; `*`: the server cannot say what was missed. */
const MATTERS = /^(\*$|tasks?\.|staff\.|store\.|segments\.refreshed$|import\.ended$|orders\.recorded$)/
const SOON = 300
const EVERY = 20_000

function matters({ data }: MessageEvent<string>): boolean {
  try {
    return (JSON.parse(data) as { kinds: string[] }).kinds.some((kind) => MATTERS.test(kind))
  } catch {
    return true // not of this version: better asked once too often
  }
}

/** Calls `refetch` within two seconds of a change that matters, while the page is looked at. True while the server is heard. */
export function useLive(refetch: () => void): Ref<boolean> {
  const heard = ref(false)
  let source: EventSource | undefined
  let soon: ReturnType<typeof setTimeout> | undefined
  let poll: ReturnType<typeof setInterval> | undefined

  function changed(): void {
    // The first of a row of changes decides when: a busy shop must not put it off for ever.
    soon ??= setTimeout(() => ((soon = undefined), refetch()), SOON)
  }

  function listen(): void {
    if (typeof EventSource === 'undefined') return
    source?.close()
    source = new EventSource('/live')
    let first = true
    source.onopen = () => {
      heard.value = true
      clearInterval(poll)
      poll = undefined
      // What happened while nobody listened was not heard.
      if (!first || missed) changed()
      first = missed = false
    }
    source.addEventListener('changed', (told: MessageEvent<string>) => matters(told) && changed())
    source.onerror = () => {
      heard.value = false
      missed = true
      poll ??= setInterval(ask, EVERY)
    }
  }
  let missed = false

  function ask(): void {
    refetch()
    // It comes back by itself after a torn line, not after an answer that was no stream.
    if (!source || source.readyState === 2) listen()
  }

  function stop(): void {
    source?.close()
    source = undefined
    heard.value = false
    clearInterval(poll)
    clearTimeout(soon)
    poll = soon = undefined
  }

  function look(): void {
    if (document.visibilityState !== 'visible') return stop()
    if (source || poll) return
    listen()
    if (!source) poll = setInterval(ask, EVERY)
  }

  function back(): void {
    missed = true
    look()
  }
  look()
  document.addEventListener('visibilitychange', back)
  onScopeDispose(() => {
    stop()
    document.removeEventListener('visibilitychange', back)
  })
  return heard
}
