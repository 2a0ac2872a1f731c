/* The values of the customer form, and what must be mended in them. */
import { dayOf } from '@/shared/lib/dates.ts'
import { looksLikePhone } from '@/shared/lib/phone.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Detail } from './operations.ts'
import type { Party } from './party.ts'
import type { Said } from './profile/said.ts'

export interface Values {
  phone: string
  name: string
  alias: string
  gender: Detail['gender']
  /** canonical: see shared/lib/birthdays.ts */
  birthday: string
  source: Detail['source']
  level: string
  note: string
  /** What head office's own fields hold. */
  said: Said
  /** Who comes with a new customer, once somebody has asked for these fields. */
  party?: Party
}

/** Key of a field, head office's own as `values.<key>` -> what is wrong with it. */
export type Troubles = Partial<Record<string, string>>
export type Text = Exclude<keyof Values, 'said' | 'party'>

export const EMPTY: Values = {
  phone: '',
  name: '',
  alias: '',
  gender: 'UNKNOWN',
  birthday: '',
  source: 'WALK_IN',
  level: '',
  note: '',
  said: {},
}
export const OWN = Object.keys(EMPTY).filter((field) => field !== 'said') as Text[]

export const SOURCES = ['REFERRAL', 'WALK_IN', 'EVENT', 'ONLINE', 'OTHER'] as const satisfies Values['source'][]
export const GENDERS = ['FEMALE', 'MALE', 'UNKNOWN'] as const satisfies Values['gender'][]

export const TEXTS = ['name', 'alias', 'level', 'note'] as const

/** What must be mended before it can be kept. A new customer needs her phone. */
export function troubles(values: Values, isNew: boolean, now: Date = new Date()): Troubles {
  const found: Troubles = {}
  if (!values.phone.trim() && isNew) found.phone = t('form.phone.missing')
  else if (values.phone.trim() && !looksLikePhone(values.phone)) found.phone = t('form.phone.short')
  if (/^\d/.test(values.birthday) && values.birthday > dayOf(now)) found.birthday = t('form.birthday.future')
  return found
}
