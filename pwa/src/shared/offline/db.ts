/* What this device keeps: waiting writes, last snapshots, drafts and who is signed in. One database for all tabs
   and the service worker; everything but `meta` belongs to one staff member. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

export interface Reason {
  code: string
  field?: string | null
  message: string
}

export type EntryState = 'pending' | 'sending' | 'rejected' | 'sent'

/** One write. It carries all it needs to be sent, so the service worker and a later version can send it too. */
export interface Entry {
  /** operationId, UUIDv7. */
  id: string
  /** The order of sending: the first id this write had (a write sent again gets a new id and keeps its place). */
  order: string
  op: string
  document: string
  input: Record<string, unknown>
  /** FIFO within one entity, `Customer:uuid` or `Task:uuid`. */
  entity: string
  /** Later writes of the entity are worthless without this one: they wait behind it when it is refused. */
  creates: boolean
  staff: string
  locale: string
  createdAt: number
  state: EntryState
  /** How often a request left this device; 0 means that the server cannot have it. */
  attempts: number
  /** When the answer came; overlays of snapshots fetched before still need the entry. */
  sentAt?: number
  reasons?: Reason[]
  /** The refused answer (who has the phone, which fields conflict), or what is kept of the one that took it. */
  answer?: Record<string, unknown>
  /** The field of the answer that is kept: what taking the write back needs. */
  keep?: string
  /** Id of an earlier write of the entity whose kept answer belongs into this one's input. */
  after?: string
  /** Not worth sending after this time, ms; then, and when the server says "too many", it is refused for good. */
  until?: number
  /** Not sent before this time, ms: until then taking it back leaves no trace. Who sets it hurries the outbox then. */
  hold?: number
  /** Words for the list of waiting writes: the person or thing it is about. */
  about: string
  /** How its `values` read, by key: what a screen shows until the server's words are there. */
  words?: Record<string, string>
  /** Keys of those that do not stay on the device in full once they are sent: phones. */
  secret?: string[]
  /** A file that goes to a door of its own instead of `document`; whoever takes it knows a repeat by the headers. */
  upload?: Upload
}

export interface Upload {
  path: string
  headers: Record<string, string>
  body: Blob
}

export interface Snapshot {
  staff: string
  key: string
  data: unknown
  /** When the request began, ms: a write answered later may not be in it. */
  fetchedAt: number
}

export interface Draft {
  staff: string
  key: string
  data: unknown
  savedAt: number
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Entry; indexes: { staff: string } }
  snapshots: { key: [string, string]; value: Snapshot; indexes: { staff: string } }
  drafts: { key: [string, string]; value: Draft; indexes: { staff: string } }
  meta: { key: string; value: unknown }
}

export type Db = IDBPDatabase<Schema>

let opened: Promise<Db> | undefined

export function db(): Promise<Db> {
  opened ??= openDB<Schema>('shuke', 1, {
    upgrade(base) {
      base.createObjectStore('outbox', { keyPath: 'id' }).createIndex('staff', 'staff')
      base.createObjectStore('snapshots', { keyPath: ['staff', 'key'] }).createIndex('staff', 'staff')
      base.createObjectStore('drafts', { keyPath: ['staff', 'key'] }).createIndex('staff', 'staff')
      base.createObjectStore('meta')
    },
    // A newer version wants in from another tab: let go, and open again when next needed.
    blocking(_current, _blocked, event) {
      ;(event.target as unknown as { close(): void }).close()
      opened = undefined
    },
    terminated() {
      opened = undefined
    },
  })
  return opened
}

/** Closes the connection; the next use opens a new one (tests, and a page put to sleep). */
export async function closeDb(): Promise<void> {
  const open = opened
  opened = undefined
  ;(await open)?.close()
}
