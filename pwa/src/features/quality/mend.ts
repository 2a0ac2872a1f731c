/* The one field that mends a problem: how it is typed, what is wrong with it while typing, what is sent of it. */
import { dayOf } from '@/shared/lib/dates.ts'
import { looksLikePhone, plainPhone } from '@/shared/lib/phone.ts'
import type { Field } from './operations.ts'
import { w } from './words.ts'

/** What stands for the field on screen. `form`: the input of the customer's form, which the page has. */
export type Way = 'phone' | 'date' | 'text' | 'number' | 'choice' | 'choices' | 'form' | 'elsewhere' | 'locked'

const BUILT_IN: Record<string, Way> = {
  phone: 'phone',
  birthday: 'date',
  name: 'text',
  alias: 'text',
  level: 'text',
  note: 'text',
  guide: 'form',
  referrer: 'form',
}
const KINDS: Record<Field['kind'], Way> = {
  PHONE: 'phone',
  DATE: 'date',
  TEXT: 'text',
  NUMBER: 'number',
  CHOICE: 'choice',
  YES_NO: 'choice',
  CHOICES: 'choices',
  MONEY: 'form',
  STAFF: 'form',
  STORE: 'form',
  CUSTOMER: 'form',
}

export function wayOf(field: Field | undefined): Way {
  if (!field) return 'elsewhere'
  if (!field.mayEdit) return 'locked'
  return field.builtIn ? (BUILT_IN[field.key] ?? 'elsewhere') : KINDS[field.kind]
}

/** What can be chosen, key and label. */
export function choices(field: Field): { key: string; label: string }[] {
  if (field.kind === 'YES_NO')
    return [
      { key: 'true', label: w('yes') },
      { key: 'false', label: w('no') },
    ]
  return field.options.filter((option) => !option.archived)
}

/** The average as it was kept a week ago, or as near to it as there is; null: nothing was kept before today. */
export function earlier(
  days: readonly { date: string; counts: { average: number | null } }[],
  now = new Date(),
): { value: number; n: number } | null {
  const first = days.find((day) => day.counts.average !== null && day.date < dayOf(now))
  if (!first) return null
  const n = Math.round((Date.parse(dayOf(now)) - Date.parse(first.date)) / 86_400_000)
  return { value: Math.round(first.counts.average!), n }
}

/** What is wrong with what was typed, in words; null: nothing that can be told here. Empty is not wrong yet. */
export function trouble(way: Way, said: readonly string[], now = new Date()): string | null {
  const text = said[0]?.trim() ?? ''
  if (!text) return null
  if (way === 'phone' && !looksLikePhone(text)) return w('phone_short')
  if (way === 'date' && text > dayOf(now)) return w('future')
  if (way === 'number' && !/^-?\d+([.]\d+)?$/.test(text)) return w('number')
  return null
}

/** The fields of an edit; null: nothing was said. An empty list of `said` with `empty`: the field is emptied. */
export function changeOf(field: Field, said: readonly string[], empty = false): Record<string, unknown> | null {
  const full = said.map((text) => text.trim()).filter(Boolean)
  if (!full.length && !empty) return null
  if (!field.builtIn) return { values: [{ key: field.key, content: full }] }
  const text = full[0] ?? null
  if (field.key === 'birthday') return { birthDate: text }
  if (field.key === 'guide') return { guideId: text }
  if (field.key === 'referrer') return { referrerId: text }
  return { [field.key]: field.key === 'phone' && text ? plainPhone(text) : text }
}
