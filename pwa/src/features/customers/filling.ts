/* What a form begins with: a write of this device, a draft, or what is known of her. Pure. */
import { groupPhone } from '@/shared/lib/phone.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { EMPTY, OWN, TEXTS, type Values } from './form.ts'
import type { Detail } from './operations.ts'
import { partyOf } from './party.ts'
import { KEPT, type Said, same } from './profile/said.ts'
import { saidIn } from './sending.ts'

export interface Draft {
  /** Hers, or of a new customer the one made for her. */
  id: string
  values: Values
  /** What she started from, and which version that was. */
  before: Values
  version: number
}

/** `entry`: the write to mend; `id`: made for a new customer. */
export function begun(id: string, customer: Detail | null, entry: Entry | null, draft: Draft | null): Draft {
  const before = customer ? valuesOf(customer) : { ...EMPTY }
  const version = customer?.version ?? 0
  if (entry) {
    const values = customer ? mended(before, entry.input) : valuesOfInput(entry.input, entry.words?.referrerId)
    return { id: customer ? id : String(entry.input.id), values, before, version }
  }
  if (!draft) return { id, values: { ...before }, before, version }
  const values = typedOver(before, { ...EMPTY, ...draft.values }, { ...EMPTY, ...draft.before })
  return { id: draft.id, values, before, version: draft.version }
}

function mended(before: Values, { birthDate, ...input }: Record<string, unknown>): Values {
  const sent = birthDate === undefined ? input : { ...input, birthday: birthDate }
  const own = OWN.filter((field) => field in sent).map((field) => [
    field,
    (sent as Record<string, unknown>)[field] ?? '',
  ])
  return { ...before, ...(Object.fromEntries(own) as Partial<Values>), said: { ...before.said, ...saidIn(input) } }
}

/** The form of a known customer; her phone stays empty, only a new one is typed. */
export function valuesOf(
  customer: Pick<Values, 'gender' | 'source'> &
    Pick<Detail, (typeof TEXTS)[number] | 'birthDate'> &
    Partial<Pick<Detail, 'values'>>,
): Values {
  const texts = Object.fromEntries(TEXTS.map((field) => [field, customer[field] ?? ''])) as Pick<
    Values,
    (typeof TEXTS)[number]
  >
  // What an older version of the app kept has no values.
  const said = (customer.values ?? []).map(({ key, content }) => [key, content.length ? content : [KEPT]])
  return {
    ...EMPTY,
    ...texts,
    birthday: customer.birthDate ?? '',
    gender: customer.gender,
    source: customer.source,
    said: Object.fromEntries(said) as Said,
  }
}

/** The form of a write that waits on this device. */
export function valuesOfInput(input: Record<string, unknown>, referrer?: string): Values {
  const known = Object.fromEntries(OWN.map((field) => [field, input[field] ?? EMPTY[field]]))
  const values = known as unknown as Values
  const birthday = String(input.birthDate ?? input.birthday ?? '')
  const party = partyOf(input, referrer)
  return { ...values, birthday, phone: groupPhone(values.phone), said: saidIn(input), ...(party ? { party } : {}) }
}

/** What she typed over `before`, laid over values that are known since. */
export function typedOver(now: Values, typed: Values, before: Values): Values {
  const touched = OWN.filter((field) => typed[field] !== before[field]).map((field) => [field, typed[field]])
  const said = Object.entries(typed.said).filter(([key, content]) => !same(content, before.said[key]))
  const changed = Object.fromEntries(touched) as Partial<Values>
  const party = typed.party ? { party: typed.party } : {}
  return { ...now, ...changed, ...party, said: { ...now.said, ...Object.fromEntries(said) } }
}
