/* What is put down with two taps, and taken back with one: visits, inquiries, calls, messages, likes, complaints. */
import { entries, write } from '@/shared/graphql/outbox.ts'
import { homeStore } from '@/shared/graphql/session.ts'
import { globalId, localId, uuid7 } from '@/shared/lib/ids.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { AddInteraction, type OpenVisit, RecordVisit, UndoInteraction, UndoVisit, UpdateVisit } from './operations.ts'

export interface Came {
  kind: OpenVisit['kind']
  channel: OpenVisit['channel']
  bought: boolean | null
}
export type Touch = 'CALL' | 'MESSAGE' | 'PREFERENCE' | 'COMPLAINT'

/** Who it is about: writes about one person go in their order. */
export interface Her {
  id: string
  name: string
}

export function visitEntity(id: string): string {
  return `Visit:${localId(id)}`
}
const entityOf = (id: string, her: Her | null): string => (her ? `Customer:${localId(her.id)}` : visitEntity(id))

/** Puts a visit down, of a customer or of nobody yet; its id. */
export async function record(came: Came, about: string, her: Her | null = null): Promise<string> {
  const id = uuid7()
  const input = {
    ...came,
    id,
    at: new Date().toISOString(),
    ...(her ? { customerId: her.id } : homeStore.value ? { storeId: homeStore.value.id } : {}),
  }
  await write(RecordVisit, input, { entity: entityOf(id, her), about: her?.name ?? about })
  return id
}

/** She is a known customer whom nobody names: no record is missing. */
export async function known(id: string, about: string): Promise<void> {
  await write(UpdateVisit, { id: globalId('Visit', id), isNew: false }, { entity: visitEntity(id), about })
}

/** Takes back what was put down here: silently where it never left this device. */
async function takeBack(op: string, id: string): Promise<boolean> {
  const mine = entries.value.filter((entry) => entry.op === op && entry.input.id === id)
  const clean = await withdraw(mine.map((entry) => entry.id))
  return clean && mine.every((entry) => entry.state !== 'sent')
}

export async function undoVisit(id: string, about: string, her: Her | null = null): Promise<void> {
  if (await takeBack('RecordVisit', id)) return
  await write(UndoVisit, { id: globalId('Visit', id) }, { entity: entityOf(id, her), about: her?.name ?? about })
}

/** Puts down what passed; with the id of what was put down a moment ago: says it anew. */
export async function touch(her: Her, kind: Touch, text = '', id = uuid7()): Promise<string> {
  const replaces = entries.value
    .filter((entry) => entry.op === 'AddInteraction' && entry.input.id === id && entry.state === 'pending')
    .map((entry) => entry.id)
  const input = { customerId: her.id, id, kind, at: new Date().toISOString(), text: text.trim() || null }
  await write(AddInteraction, input, { entity: entityOf(id, her), about: her.name, replaces })
  return id
}

export async function undoTouch(her: Her, id: string): Promise<void> {
  if (await takeBack('AddInteraction', id)) return
  await write(UndoInteraction, { id: globalId('TimelineEntry', id) }, { entity: entityOf(id, her), about: her.name })
}
