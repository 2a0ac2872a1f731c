/* What is sent of a customer's form. Pure. */
import type { VariablesOf } from '@/shared/graphql/tada.ts'
import { plainPhone } from '@/shared/lib/phone.ts'
import type { CreateCustomer } from './edit.operations.ts'
import { OWN, TEXTS, type Values } from './form.ts'
import { sentParty } from './party.ts'
import { KEPT, plain, type Said, same } from './profile/said.ts'

interface SentValue {
  key: string
  content: string[]
}

export function saidIn(input: Record<string, unknown>): Said {
  const sent = (input.values as SentValue[] | undefined) ?? []
  return Object.fromEntries(sent.map(({ key, content }) => [key, content]))
}

/** The fields of a new customer, empty ones left out. */
export function createInput(values: Values): Omit<VariablesOf<typeof CreateCustomer>['input'], 'operationId' | 'id'> {
  const texts = TEXTS.filter((field) => field !== 'level' && values[field].trim()).map((field) => [
    field,
    values[field].trim(),
  ])
  const birthday = values.birthday ? { birthDate: values.birthday } : {}
  const said = sent(values.said, {})
  return {
    ...Object.fromEntries(texts),
    ...birthday,
    gender: values.gender,
    source: values.source,
    phone: plainPhone(values.phone),
    ...(said.length ? { values: said } : {}),
    ...sentParty(values.party),
  }
}

/** What was typed into head office's own fields over `before`; an emptied one has no content. */
function sent(said: Said, before: Said): SentValue[] {
  return Object.keys({ ...before, ...said })
    .filter((key) => !same(said[key], before[key]) && said[key]?.[0] !== KEPT)
    .map((key) => ({ key, content: plain(said[key]) }))
}

/** Only what differs from `before`; an emptied field is null. */
export function changes(values: Values, before: Values): Record<string, string | null | SentValue[]> {
  const changed: Record<string, string | null | SentValue[]> = {}
  for (const field of OWN) {
    const now = values[field].trim()
    if (now !== before[field].trim())
      changed[field === 'birthday' ? 'birthDate' : field] = field === 'phone' ? plainPhone(now) : now || null
  }
  if (changed.phone === '') delete changed.phone
  const said = sent(values.said, before.said)
  if (said.length) changed.values = said
  return changed
}

/** A patch laid over one that was never sent: of her values each key's later word. */
export function laidOver(earlier: Record<string, unknown>, later: Record<string, unknown>): Record<string, unknown> {
  const said = { ...saidIn(earlier), ...saidIn(later) }
  const values = Object.entries(said).map(([key, content]) => ({ key, content }))
  return { ...earlier, ...later, ...(values.length ? { values } : {}) }
}
