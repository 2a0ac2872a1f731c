/* Rows under a finger or a mouse. Held by its handle, a row follows the finger and a line shows where it would come to
   stand. Nothing moves in the document until it is let go: a row that changed lists while it is held would be made anew
   there, and the touch goes on in the one that is gone. */
import { onScopeDispose, type Ref, ref } from 'vue'

/** A list, and the row in it that what is held comes to stand before; null: its end. */
export interface Place {
  list: string
  before: string | null
}
export interface Row {
  id: string
  middle: number
}
/** A list as it lies on the screen. */
export interface List {
  id: string
  top: number
  bottom: number
  rows: Row[]
}
export interface Dragging {
  /** The row that is held. */
  held: Ref<string | null>
  place: Ref<Place | null>
  hold: (event: PointerEvent, id: string) => void
}

/** So near to the top or the bottom of the screen the page goes on by itself; px, and px a frame at most. */
const EDGE = 96
const FAST = 16

/** Where something held at this height would come to stand: in the nearest list, of lists within lists (each after the
    one that it lies in) the innermost, before the first row whose middle is further down. */
export function placeAt(y: number, lists: readonly List[]): Place | null {
  const off = ({ top, bottom }: List) => Math.max(top - y, y - bottom, 0)
  const nearer = (one: List, best: List) => off(one) < off(best) || (off(one) === 0 && off(best) === 0)
  const list = lists.reduce<List | null>((best, one) => (best && !nearer(one, best) ? best : one), null)
  return list && { list: list.id, before: list.rows.find(({ middle }) => middle > y)?.id ?? null }
}

/** Lists are `[data-list=kind]` with `data-id`, rows in them `[data-row=kind]` likewise; a row may hold a list, which it
    never comes to lie in itself. `drop`: it was let go there. */
export function useDragging(kind: string, drop: (id: string, place: Place) => void): Dragging {
  const held = ref<string | null>(null)
  const place = ref<Place | null>(null)
  let end: ((kept: boolean) => void) | undefined

  function hold(event: PointerEvent, id: string): void {
    const handle = event.currentTarget as HTMLElement
    const row = handle.closest<HTMLElement>(`[data-row="${kind}"]`)
    if (event.button !== 0 || !event.isPrimary || !row) return
    event.preventDefault()
    end?.(false)
    held.value = id
    handle.setPointerCapture(event.pointerId)
    const listening = new AbortController()
    let y = event.clientY
    let frame = 0

    const follow = (): void => {
      row.style.transform = ''
      const { top, height } = handle.getBoundingClientRect()
      row.style.transform = `translateY(${y - top - height / 2}px)`
      place.value = placeAt(y, lists(id))
      const near = Math.min(0, y - EDGE) + Math.max(0, y - innerHeight + EDGE)
      if (near) scrollBy(0, (Math.sign(near) * Math.min(EDGE, Math.abs(near)) * FAST) / EDGE)
      frame = requestAnimationFrame(follow)
    }
    end = (kept) => {
      end = undefined
      cancelAnimationFrame(frame)
      listening.abort()
      row.style.transform = ''
      const at = place.value
      held.value = place.value = null
      if (kept && at) drop(id, at)
    }
    const on = (name: string, act: (event: Event) => void, target: EventTarget = handle) =>
      target.addEventListener(name, act, { signal: listening.signal })
    on('pointermove', (moved) => (y = (moved as PointerEvent).clientY))
    on('pointerup', () => end?.(true))
    on('pointercancel', () => end?.(false))
    on('keydown', (key) => (key as KeyboardEvent).key === 'Escape' && end?.(false), window)
    frame = requestAnimationFrame(follow)
  }

  function lists(id: string): List[] {
    const every = `[data-list="${kind}"]`
    const own = `[data-row="${kind}"][data-id="${id}"]`
    const others = [...document.querySelectorAll<HTMLElement>(every)].filter((list) => !list.closest(own))
    return others.map((list) => {
      const { top, bottom } = list.getBoundingClientRect()
      const rows = [...list.querySelectorAll<HTMLElement>(`[data-row="${kind}"]`)].filter(
        (row) => row.dataset.id !== id && row.closest(every) === list,
      )
      return { id: list.dataset.id ?? '', top, bottom, rows: rows.map(rowOf) }
    })
  }
  onScopeDispose(() => end?.(false))
  return { held, place, hold }
}

function rowOf(row: HTMLElement): Row {
  const { top, bottom } = row.getBoundingClientRect()
  return { id: row.dataset.id ?? '', middle: (top + bottom) / 2 }
}
