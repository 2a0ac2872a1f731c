/* Pending outcomes laid over what the server said, in the order they were made. */
import { stopsCalls } from '@/shared/offline/calls.ts'
import { localId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import type { Outcome, Task, Today } from './operations.ts'

export interface TaskView extends Task {
  /** An outcome of hers is not confirmed by the server yet. */
  pending: boolean
  /** Dealt with today, though a call that nobody answered leaves the card open. */
  handled: boolean
}

export interface TodayView {
  date: string
  open: TaskView[]
  openCount: number
  done: TaskView[]
}

/** Calls nobody answers close a card at the third. */
const MAX_ATTEMPTS = 3
const DAY = 86_400_000

/** May she be called about it? What was kept on the phone before an update does not say; the server does. */
export function callable(task: Pick<Task, 'channels'>): boolean {
  return (task.channels as Task['channels'] | undefined)?.includes('PHONE') ?? true
}

export function taskEntity(id: string): string {
  return `Task:${localId(id)}`
}

/** `handled`: whether it counts as dealt with before any of `entries`. */
export function overlaidTask(task: Task, entries: readonly Entry[], handled = task.state !== 'OPEN'): TaskView {
  let view: TaskView = { ...task, pending: false, handled }
  const entity = taskEntity(task.id)
  let counted = false
  for (const entry of entries) {
    if (stopsCalls(entry, `Customer:${localId(task.customer.id)}`))
      view = { ...view, channels: callable(view) ? ['WECHAT'] : view.channels }
    if (entry.entity !== entity) continue
    if (entry.op === 'UndoOutcome') {
      view = {
        ...view,
        state: 'OPEN',
        outcome: null,
        note: null,
        followUpAt: null,
        dueAt: task.dueAt,
        closedAt: null,
        closedBy: null,
        handled: false,
      }
      if (counted) view.attempts = task.attempts
      counted = false
    } else if (entry.op === 'RecordOutcome') {
      view = recorded(view, task, entry, counted)
      counted = counted || view.outcome === 'NO_ANSWER'
    } else continue
    view.pending = entry.state !== 'sent'
  }
  return view
}

function recorded(view: TaskView, task: Task, entry: Entry, counted: boolean): TaskView {
  const outcome = entry.input.outcome as Outcome
  const note = ((entry.input.note as string | undefined) ?? view.note) || null
  const followUpAt = (entry.input.followUpAt as string | undefined) ?? null
  const common = { ...view, outcome, note, followUpAt, closedBy: null, handled: true }
  if (outcome === 'LATER') return { ...common, state: 'OPEN', dueAt: followUpAt ?? task.dueAt, closedAt: null }
  const closed = { ...common, state: 'DONE' as const, closedAt: new Date(entry.createdAt).toISOString() }
  if (outcome !== 'NO_ANSWER') return closed
  const attempts = counted ? view.attempts : task.attempts + 1
  if (attempts >= MAX_ATTEMPTS) return { ...closed, attempts }
  return { ...common, state: 'OPEN', attempts, dueAt: new Date(entry.createdAt + DAY).toISOString(), closedAt: null }
}

/** The day as this device keeps it. */
export interface KeptDay extends Today {
  /** Cards she dealt with today that stay open for another day: the server lists them no more. */
  putOff?: Task[]
}

/** `today` with what she put off today, as far as it was on the screen `before`. */
export function withPutOff(today: Today, before: TodayView | null): KeptDay {
  if (before?.date !== today.date) return today
  const listed = new Set([...today.open, ...today.done].map((task) => task.id))
  const putOff = before.done.filter((task) => task.state === 'OPEN' && !listed.has(task.id))
  return { ...today, putOff }
}

export function overlaidToday(today: KeptDay | null, entries: readonly Entry[]): TodayView | null {
  if (!today) return null
  const open = today.open.map((task) => overlaidTask(task, entries))
  const put = (today.putOff ?? []).map((task) => overlaidTask(task, entries, true))
  const done = [...put, ...today.done.map((task) => overlaidTask(task, entries))]
  const restored = done.filter((task) => !task.handled)
  const finished = open.filter((task) => task.handled)
  return {
    date: today.date,
    open: [...restored, ...open.filter((task) => !task.handled)],
    openCount: today.openCount - finished.length + restored.length,
    done: [...finished, ...done.filter((task) => task.handled)],
  }
}
