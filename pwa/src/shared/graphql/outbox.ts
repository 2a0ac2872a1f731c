/* The outbox as the screens see it: a live list, one way to write, and what of it still lies over a snapshot. */
import { computed, shallowRef } from 'vue'
import { locale } from '../lib/i18n.ts'
import { onNews } from '../offline/changes.ts'
import type { Entry, Upload } from '../offline/db.ts'
import { Flusher } from '../offline/flusher.ts'
import { enqueue, entriesOf, type Instead } from '../offline/outbox.ts'
import { staffId } from './session.ts'
import type { DocumentText, TadaDocumentNode } from './tada.ts'

const rows = shallowRef<Entry[]>([])

export const entries = computed(() => rows.value)
export const waiting = computed(() => rows.value.filter((e) => e.state === 'pending' || e.state === 'sending'))
export const refused = computed(() => rows.value.filter((e) => e.state === 'rejected'))

/** The last flush could not reach the server. */
export const unreachable = shallowRef(false)

export const flusher = new Flusher((result) => {
  unreachable.value = result.state === 'later'
})

let loading = 0
export async function reload(): Promise<void> {
  const turn = ++loading
  const found = staffId.value ? await entriesOf(staffId.value) : []
  if (turn === loading) rows.value = found
}
onNews(() => void reload())

/** What still lies over a snapshot whose request began at `fetchedAt`. */
export function layOver(fetchedAt: number): Entry[] {
  return rows.value.filter(
    (e) => e.state === 'pending' || e.state === 'sending' || (e.state === 'sent' && (e.sentAt ?? 0) > fetchedAt),
  )
}

export interface About extends Instead {
  entity: string
  about: string
  words?: Record<string, string>
  secret?: string[]
  creates?: boolean
  keep?: string
  after?: string
  until?: number
  hold?: number
  upload?: Upload
}

type Input<V> = V extends { input: infer I } ? Omit<I, 'operationId'> : never

/** Keeps one write on this device and starts sending. Resolves when it is kept, not when it is sent. */
export async function write<Result, V extends { input: object }>(
  document: TadaDocumentNode<Result, V>,
  input: Input<V>,
  about: About,
): Promise<Entry> {
  const staff = staffId.value
  if (!staff) throw new Error('nobody is signed in')
  const { name, text } = document as unknown as DocumentText
  const { replaces = [], draft, ...rest } = about
  const entry = await enqueue(
    { op: name, document: text, input: input as Record<string, unknown>, ...rest },
    { staff, locale: locale.value },
    { replaces, ...(draft ? { draft } : {}) },
  )
  await reload()
  void flusher.poke()
  void wakeWorker()
  return entry
}

/** Asks the browser to wake the service worker when there is a network, where it can. */
async function wakeWorker(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.ready
    await (registration as unknown as { sync?: { register(tag: string): Promise<void> } })?.sync?.register('outbox')
  } catch {
    // Refused or unknown here: the page's own triggers do.
  }
}
