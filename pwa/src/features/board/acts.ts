/* What a manager does from the board. Every act goes through the outbox: kept on the device first, then sent. */
import { write } from '@/shared/graphql/outbox.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { t } from '@/shared/lib/i18n.ts'
import { dayOf } from '@/shared/lib/dates.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import { learn } from './names.ts'
import { type BoardRow, NudgeStaff, ReassignTasks, UndoReassign } from './operations.ts'
import type { CardView, Pane } from './overlay.ts'

export interface Person {
  id: string
  name: string
}

const ENTITY = 'Board'
const KEEP = 'reassignmentId'
/** So many cards the server moves at once. */
const MOST = 200
/** A nudge that comes later than this says what is no longer so. */
const FRESH = 10 * 60_000

/** Gives cards to `to`; null: the store's pool. Undo stands at the thumb. */
export async function give(cards: readonly string[], to: Person | null): Promise<void> {
  if (!cards.length) return
  learn(to)
  const about = t('give.to', { n: cards.length, name: to?.name ?? t('board.pool') })
  const entries: Entry[] = []
  try {
    for (let from = 0; from < cards.length; from += MOST) {
      const input = { taskIds: cards.slice(from, from + MOST), assigneeId: to?.id ?? null }
      entries.push(await write(ReassignTasks, input, { entity: ENTITY, about, keep: KEEP }))
    }
    say(about, { label: t('do.undo'), run: () => void takeBack(entries, about) })
  } catch {
    warn(t('outcome.unsaved'))
  }
}

async function takeBack(entries: readonly Entry[], about: string): Promise<void> {
  for (const { id } of entries)
    if (!(await withdraw([id])))
      await write(UndoReassign, { reassignmentId: '' }, { entity: ENTITY, about, keep: KEEP, after: id })
  say(t('give.undone'))
}

export async function nudge(row: BoardRow): Promise<void> {
  if (!row.staff || !row.store) return
  const about = t('nudge.name', { name: row.staff.name })
  const input = { staffId: row.staff.id, storeId: row.store.id }
  await write(NudgeStaff, input, { entity: `Nudge:${row.staff.id}`, about, until: Date.now() + FRESH })
  say(t(navigator.onLine ? 'nudge.sent' : 'nudge.waits', { name: row.staff.name }))
}

/** She has not been seen since the store's midnight. */
export function absent({ staff, store, lastSeenAt }: BoardRow, now: Date = new Date()): boolean {
  if (!staff) return false
  return lastSeenAt === null || dayOf(lastSeenAt, store?.timezone) !== dayOf(now, store?.timezone)
}

export interface Rescue {
  from: BoardRow
  to: Person
  cards: string[]
}

/** The one thing to do now: who is away with the most late cards, and who is here with the fewest waiting. */
export function rescue({ rows, cards }: Pane, now: Date = new Date()): Rescue | null {
  const hers = (row: BoardRow): CardView[] => cards.filter((card) => card.assignee?.id === row.staff?.id)
  const from = rows
    .filter((row) => absent(row, now) && hers(row).length)
    .sort((a, b) => hers(b).length - hers(a).length)[0]
  const load = ({ counts }: BoardRow) => counts.late + counts.due
  // Whoever leads gives, and takes only where she chooses herself.
  const here = rows.filter((row) => row.staff && row.staff.id !== staffId.value && !absent(row, now))
  const to = here.sort((a, b) => load(a) - load(b))[0]
  if (!from || !to?.staff) return null
  return { from, to: to.staff, cards: hers(from).map((card) => card.id) }
}
