/* The deck of the clean day, pure: which card comes next, what has been seen to, what was put off. */
import type { Problem, ProblemCard } from './operations.ts'

export interface Item {
  /** Of this customer and problem, whatever page it came with. */
  key: string
  customer: ProblemCard['customer']
  problem: Problem
}

/** A card a problem, in the order of the queue; with `code` those of one kind. */
export function itemsOf(cards: readonly ProblemCard[], code: string | null): Item[] {
  return cards.flatMap(({ customer, problems }) =>
    problems
      .filter((problem) => !code || problem.code === code)
      .map((problem) => ({ key: `${customer.id} ${problem.code}`, customer, problem })),
  )
}

export interface Deck {
  /** Mended, or no problem. */
  settled: ReadonlySet<string>
  /** Put off, the first first. */
  later: readonly string[]
}

export const FRESH: Deck = { settled: new Set(), later: [] }

/** The next one to look at; what was put off only when `again`. */
export function nextItem(items: readonly Item[], deck: Deck, again = false): Item | null {
  const open = items.filter((item) => !deck.settled.has(item.key))
  const first = open.find((item) => !deck.later.includes(item.key))
  if (first || !again) return first ?? null
  return deck.later.map((key) => open.find((item) => item.key === key)).find(Boolean) ?? null
}

export function settle(deck: Deck, key: string): Deck {
  return { settled: new Set([...deck.settled, key]), later: deck.later.filter((one) => one !== key) }
}

export function putOff(deck: Deck, key: string): Deck {
  return { ...deck, later: [...deck.later.filter((one) => one !== key), key] }
}

/** Back on top, as before it was settled or put off. */
export function takeBack(deck: Deck, key: string): Deck {
  const settled = new Set(deck.settled)
  settled.delete(key)
  return { settled, later: deck.later.filter((one) => one !== key) }
}

/** How many were put off and not seen to since. */
export function waitingLater(items: readonly Item[], deck: Deck): number {
  return items.filter((item) => deck.later.includes(item.key) && !deck.settled.has(item.key)).length
}

const FAR = 96 // px
const STEEP = 1.4

/** What a finger that went so far (px, right and down) meant; null: nothing. */
export function swiped(dx: number, dy: number): 'left' | 'right' | null {
  if (Math.abs(dx) < FAR || Math.abs(dx) < Math.abs(dy) * STEEP) return null
  return dx < 0 ? 'left' : 'right'
}
