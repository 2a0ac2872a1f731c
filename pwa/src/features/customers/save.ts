/* Keeping a new or changed customer, and waiting a moment for the server's word where there is one. */
import { entries, refused, write } from '@/shared/graphql/outbox.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { entriesOf, type Instead, withdraw } from '@/shared/offline/outbox.ts'
import { changes, createInput, type Values } from './form.ts'
import { CreateCustomer, UpdateCustomer } from './edit.operations.ts'
import type { Claim } from './numbers.operations.ts'
import { customerEntity } from './overlay.ts'

const MOMENT = 2500

/** What became of a write within a moment: taken, refused (with the row that says why), or still on its way. */
export async function outcome(entry: Entry): Promise<Entry> {
  const until = Date.now() + MOMENT
  for (;;) {
    const now = (await entriesOf(entry.staff)).find((row) => row.id === entry.id)
    if (!now || now.state === 'sent' || now.state === 'rejected') return now ?? entry
    if (Date.now() > until || !navigator.onLine) return now
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}

interface Filed {
  visitId?: string
  filedAt?: string
}

/** What a new customer's form sends when she is entered after a visit: filed by this device's clock, whenever it arrives. */
export const filed = (visit: string | null): Filed =>
  visit ? { visitId: visit, filedAt: new Date().toISOString() } : {}

/** `id`: the UUID made for her when the form was opened; `further`: how to go about a phone that somebody has, and the
    visit. `instead`: a waiting or refused write of the same form. */
export function saveNew(
  id: string,
  values: Values,
  storeId: string | null,
  instead: Instead,
  further: Partial<Claim> & Filed = {},
): Promise<Entry> {
  const input = { ...createInput(values), id, ...(storeId ? { storeId } : {}), ...further }
  const about = {
    entity: customerEntity(id),
    creates: true,
    about: values.name.trim() || values.alias.trim() || values.phone,
    ...instead,
  }
  return write(CreateCustomer, input, about)
}

/** Sends only what changed. Edits of hers that were never sent become one with this one. Null: nothing changed. */
export async function saveEdit(
  id: string,
  baseVersion: number,
  values: Values,
  before: Values,
  name: string,
  draft: string,
): Promise<Entry | null> {
  const changed = changes(values, before)
  const earlier = entries.value.filter(
    (e) =>
      e.op === 'UpdateCustomer' &&
      e.entity === customerEntity(id) &&
      (e.state === 'rejected' || (e.state === 'pending' && e.attempts === 0)),
  )
  if (!Object.keys(changed).length) {
    const rejected = earlier.filter((entry) => refused.value.some((row) => row.id === entry.id))
    if (rejected.length) await withdraw(rejected.map((entry) => entry.id))
    return null
  }
  const kept = Object.assign({}, ...earlier.filter((e) => e.state === 'pending').map((e) => e.input)) as Record<
    string,
    unknown
  >
  const base = earlier.some((e) => e.state === 'pending') ? Number(kept.baseVersion) : baseVersion
  const input = { ...kept, ...changed, id, baseVersion: base }
  const replaces = earlier.map((e) => e.id)
  return write(UpdateCustomer, input, { entity: customerEntity(id), about: name, replaces, draft })
}
