/* The outbox: every write is one row here before any request is made. The rows are commands in order; what the
   screen shows is the last snapshot with them laid over it. */
import { uuid7 } from '../lib/ids.ts'
import { maskPhone } from '../lib/phone.ts'
import { announce } from './changes.ts'
import { db, type Entry, type Upload } from './db.ts'

export interface Write {
  op: string
  document: string
  /** The mutation's input without its operationId. */
  input: Record<string, unknown>
  entity: string
  creates?: boolean
  about: string
  words?: Record<string, string>
  secret?: string[]
  keep?: string
  after?: string
  until?: number
  hold?: number
  upload?: Upload
}

/** What this write makes of what else the device keeps, in the same step. */
export interface Instead {
  /** Ids whose place it takes where those were never sent. */
  replaces?: readonly string[]
  /** Key of the draft that it was typed in: a tab that dies now must not offer the same words again. */
  draft?: string
}

export interface Author {
  staff: string
  locale: string
}

/** Keeps one write and says so; resolves once it is on the device. */
export async function enqueue(write: Write, author: Author, { replaces = [], draft }: Instead = {}): Promise<Entry> {
  const id = uuid7()
  const entry: Entry = {
    id,
    order: id,
    ...write,
    creates: write.creates ?? false,
    // A reactive object cannot be stored; a command is plain data anyway.
    input: JSON.parse(JSON.stringify(write.input)) as Record<string, unknown>,
    ...author,
    createdAt: Date.now(),
    state: 'pending',
    attempts: 0,
  }
  const tx = (await db()).transaction(['outbox', 'drafts'], 'readwrite', { durability: 'strict' })
  const outbox = tx.objectStore('outbox')
  for (const replaced of replaces) {
    const old = await outbox.get(replaced)
    if (!old || !unsent(old)) continue
    if (old.order < entry.order) entry.order = old.order
    await outbox.delete(replaced)
  }
  await outbox.add(entry)
  if (draft) await tx.objectStore('drafts').delete([author.staff, draft])
  await tx.done
  announce('outbox')
  return entry
}

/** Never handed to a request, so it can still be taken back silently. */
function unsent(entry: Entry): boolean {
  return (entry.state === 'pending' && entry.attempts === 0) || entry.state === 'rejected'
}

/** Takes writes back. True when none of them can have reached the server; else the caller must enqueue the undoing. */
export async function withdraw(ids: readonly string[]): Promise<boolean> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  let clean = true
  for (const id of ids) {
    const entry = await tx.store.get(id)
    if (entry && unsent(entry)) await tx.store.delete(id)
    else clean = false
  }
  await tx.done
  announce('outbox')
  return clean
}

/** All rows of one person, oldest first. */
export async function entriesOf(staff: string): Promise<Entry[]> {
  const rows = await (await db()).getAllFromIndex('outbox', 'staff', staff)
  return rows.sort((a, b) => (a.order < b.order ? -1 : 1))
}

export async function setEntry(id: string, patch: Partial<Entry>): Promise<void> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  const entry = await tx.store.get(id)
  if (entry) await tx.store.put({ ...entry, ...patch })
  await tx.done
}

/** Marks a row as being sent, in one step, unless it is gone or done: `null` then. */
export async function claim(id: string): Promise<Entry | null> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  const entry = await tx.store.get(id)
  const mine = entry && (entry.state === 'pending' || entry.state === 'sending') ? entry : null
  if (mine) await tx.store.put(Object.assign(mine, { state: 'sending', attempts: mine.attempts + 1 }))
  await tx.done
  return mine
}

/** What may stay of a write once the server has it: enough to lay over older snapshots, no full phone number. */
export function settled(entry: Entry, at: number): Partial<Entry> {
  const input = { ...entry.input }
  if (typeof input.phone === 'string') input.phone = maskPhone(input.phone)
  if (entry.secret?.length && Array.isArray(input.values))
    input.values = (input.values as { key: string }[]).map((one) =>
      entry.secret?.includes(one.key) ? { ...one, content: [] } : one,
    )
  // Of children nobody needs what was typed into head office's fields any more.
  if (Array.isArray(input.children)) input.children = input.children.map((one: object) => ({ ...one, values: [] }))
  return { state: 'sent', sentAt: at, input, document: '', upload: undefined }
}

/** Forgets sent rows that no snapshot young enough to be shown can still need. */
export async function forget(before: number): Promise<void> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  for (const row of await tx.store.getAll()) {
    if (row.state === 'sent' && (row.sentAt ?? 0) < before) await tx.store.delete(row.id)
  }
  await tx.done
}
