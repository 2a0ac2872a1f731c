/* Cards given away on this device, laid over what the server said until it says so itself. */
import type { Entry } from '@/shared/offline/db.ts'
import { nameFor } from './names.ts'
import type { BoardRow, Card } from './operations.ts'

export interface CardView extends Card {
  pending: boolean
}

/** What the pane shows: a store's people with the cards that are listed below them. */
export interface Pane {
  rows: BoardRow[]
  cards: CardView[]
}

/** The moves still in force, oldest first: those taken back are left out. */
function moves(entries: readonly Entry[]): Entry[] {
  const undone = new Set(entries.filter((entry) => entry.op === 'UndoReassign').map((entry) => entry.after))
  return entries.filter((entry) => entry.op === 'ReassignTasks' && entry.state !== 'rejected' && !undone.has(entry.id))
}

export function overlaidCards(cards: readonly Card[], entries: readonly Entry[]): CardView[] {
  return cards.map((card) => {
    let view: CardView = { ...card, pending: false }
    for (const entry of moves(entries)) {
      if (!(entry.input.taskIds as string[]).includes(card.id)) continue
      const to = (entry.input.assigneeId as string | null) ?? null
      view = { ...view, assignee: to ? { id: to, name: nameFor(to) } : null, pending: entry.state !== 'sent' }
    }
    return view
  })
}

/** Counts follow the cards that are known here; a total never changes by giving. */
export function overlaidRows(
  rows: readonly BoardRow[],
  before: readonly Card[],
  after: readonly CardView[],
): BoardRow[] {
  const late = new Map<string, number>()
  const add = (store: string, staff: string | undefined, by: number) => {
    const key = `${store} ${staff ?? ''}`
    late.set(key, (late.get(key) ?? 0) + by)
  }
  after.forEach((card, i) => {
    if (card.assignee?.id === before[i]?.assignee?.id) return
    add(card.store.id, before[i]?.assignee?.id, -1)
    add(card.store.id, card.assignee?.id, 1)
  })
  return rows.map((row) => {
    const by = late.get(`${row.store?.id} ${row.staff?.id ?? ''}`) ?? 0
    return by ? { ...row, counts: { ...row.counts, late: Math.max(0, row.counts.late + by) } } : row
  })
}

/** Whose nudges wait or were sent after the board was counted. */
export function nudged(row: BoardRow, entries: readonly Entry[]): boolean {
  return entries.some(
    (entry) => entry.op === 'NudgeStaff' && entry.state !== 'rejected' && entry.input.staffId === row.staff?.id,
  )
}

/** `rows` as they stood: those that are known stay where they are, new ones come after them. */
export function inOrder<T>(rows: readonly T[], keys: readonly string[], keyOf: (row: T) => string): T[] {
  const place = new Map(keys.map((key, i) => [key, i]))
  const at = (row: T) => place.get(keyOf(row)) ?? keys.length
  return [...rows].sort((a, b) => at(a) - at(b))
}
