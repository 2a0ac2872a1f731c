/* Recording, amending and taking back an outcome. */
import { entries, write } from '@/shared/graphql/outbox.ts'
import { staffId } from '@/shared/graphql/session.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { personName } from '@/shared/ui/people.ts'
import { type Outcome, RecordOutcome, type Task, UndoOutcome } from './operations.ts'
import { taskEntity } from './overlay.ts'

export interface Details {
  outcome: Outcome
  /** Empty text empties it. */
  note: string
  followUpAt: string | null
}

function mine(task: Task): Entry[] {
  const entity = taskEntity(task.id)
  return entries.value.filter((entry) => entry.entity === entity)
}

/** Keeps an outcome; said again it amends the last one, and takes the place of one that was never sent. */
export function record(task: Task, details: Details): Promise<Entry> {
  const replaces = mine(task)
    .filter((entry) => entry.op === 'RecordOutcome')
    .map((entry) => entry.id)
  const input = {
    taskId: task.id,
    outcome: details.outcome,
    note: details.note,
    ...(details.followUpAt ? { followUpAt: details.followUpAt } : {}),
  }
  return write(RecordOutcome, input, { entity: taskEntity(task.id), about: personName(task.customer), replaces })
}

/** The server takes an outcome back for this long. */
const UNDO_WITHIN = 600_000

/** Until when taking the outcome back can work, ms: only her own, and only for a while; 0: not at all. */
export function undoUntil(task: Task): number {
  const last = mine(task).findLast((entry) => entry.op === 'RecordOutcome' && entry.state !== 'rejected')
  if (last && last.state !== 'sent') return Infinity
  const closer = task.closedBy?.id
  if (closer && closer !== staffId.value) return 0
  const closedAt = closer ? Date.parse(task.closedAt ?? '') : 0
  const at = Math.max(closedAt || 0, last?.sentAt ?? 0)
  return at && at + UNDO_WITHIN
}

/** Takes the outcome back: silently while it is still here, with the server's help once it may be there. */
export async function undo(task: Task): Promise<void> {
  const rows = mine(task)
  const last = rows.findLastIndex((entry) => entry.op === 'UndoOutcome')
  const since = rows.slice(last + 1).filter((entry) => entry.op === 'RecordOutcome')
  const here = since.filter((entry) => entry.state !== 'sent')
  const clean = await withdraw(here.map((entry) => entry.id))
  const there = since.length > here.length || (since.length === 0 && task.outcome !== null)
  if (!clean || there)
    await write(UndoOutcome, { taskId: task.id }, { entity: taskEntity(task.id), about: personName(task.customer) })
}
