/* Keeping a new or changed customer, and waiting a moment for the server's word where there is one. */
import { entries, refused, write } from '@/shared/graphql/outbox.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { entriesOf, type Instead, withdraw } from '@/shared/offline/outbox.ts'
import type { Values } from './form.ts'
import { CreateCustomer, UpdateCustomer } from './edit.operations.ts'
import type { Claim } from './numbers.operations.ts'
import { customerEntity } from './overlay.ts'
import type { Field } from './profile/operations.ts'
import { inWords } from './profile/values.ts'
import { changes, createInput, laidOver, saidIn } from './sending.ts'

/** What values were typed into, and how they read. */
export interface Typed {
  version: number | null
  fields: readonly Field[]
  currency: string
  names: Record<string, string>
}

/** The words of a write's values, and which of them are not kept in full. */
function wording(input: Record<string, unknown>, typed: Typed): { words?: Record<string, string>; secret?: string[] } {
  const said = Object.entries(saidIn(input))
  if (!said.length) return {}
  const field = (key: string) => typed.fields.find((one) => one.key === key)
  const words = said.map(([key, content]) => {
    const one = field(key)
    return [key, one ? inWords(one, content, typed.currency, typed.names) : content.join(' ')]
  })
  const secret = said.map(([key]) => key).filter((key) => field(key)?.kind === 'PHONE')
  return { words: Object.fromEntries(words) as Record<string, string>, ...(secret.length ? { secret } : {}) }
}

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

/** `id`: the UUID made for her when the form was opened; `further`: how to go about a phone that somebody has, and the
    visit. `instead`: a waiting or refused write of the same form. */
export function saveNew(
  id: string,
  values: Values,
  storeId: string | null,
  instead: Instead,
  typed: Typed,
  further: Partial<Claim> & Filed = {},
): Promise<Entry> {
  const version = typed.version === null ? {} : { values: [], templateVersion: typed.version }
  const input = { ...version, ...createInput(values), id, ...(storeId ? { storeId } : {}), ...further }
  const referrer = values.party?.referrer
  const { words, secret } = wording(input, typed)
  const about = {
    ...(words || referrer ? { words: { ...words, ...(referrer ? { referrerId: referrer.name } : {}) } } : {}),
    ...(secret ? { secret } : {}),
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
  typed: Typed,
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
  const pending = earlier.filter((e) => e.state === 'pending')
  const kept = pending.map((e) => e.input).reduce(laidOver, {})
  const base = pending.length ? Number(kept.baseVersion) : baseVersion
  // By the older of two versions: what was asked then is still taken.
  const versions = [kept.templateVersion, changed.values && typed.version].filter((one) => typeof one === 'number')
  const version = versions.length ? { templateVersion: Math.min(...versions) } : {}
  const input = { ...laidOver(kept, changed), ...version, id, baseVersion: base }
  const replaces = earlier.map((e) => e.id)
  const about = { entity: customerEntity(id), about: name, replaces, draft }
  return write(UpdateCustomer, input, { ...about, ...wording(input, typed) })
}
