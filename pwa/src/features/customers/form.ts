/* The values of the customer form, their drafts, and what is sent of them. */
import { dayOf } from '@/shared/lib/dates.ts'
import { groupPhone, looksLikePhone, plainPhone } from '@/shared/lib/phone.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { VariablesOf } from '@/shared/graphql/tada.ts'
import type { CreateCustomer } from './edit.operations.ts'
import type { Detail } from './operations.ts'

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
}

export type Troubles = Partial<Record<keyof Values, string>>

export const EMPTY: Values = {
  phone: '',
  name: '',
  alias: '',
  gender: 'UNKNOWN',
  birthday: '',
  source: 'WALK_IN',
  level: '',
  note: '',
}

export const SOURCES = ['REFERRAL', 'WALK_IN', 'EVENT', 'ONLINE', 'OTHER'] as const satisfies Values['source'][]
export const GENDERS = ['FEMALE', 'MALE', 'UNKNOWN'] as const satisfies Values['gender'][]

const TEXTS = ['name', 'alias', 'level', 'note'] as const

/** The form of a known customer; her phone stays empty, only a new one is typed. */
export function valuesOf(
  customer: Omit<Values, 'phone' | 'name' | 'alias' | 'birthday' | 'level' | 'note'> &
    Pick<Detail, (typeof TEXTS)[number] | 'birthDate'>,
): Values {
  const texts = Object.fromEntries(TEXTS.map((field) => [field, customer[field] ?? ''])) as Pick<
    Values,
    (typeof TEXTS)[number]
  >
  const birthday = customer.birthDate ?? ''
  return { ...EMPTY, ...texts, birthday, gender: customer.gender, source: customer.source }
}

/** The form of a write that waits on this device. */
export function valuesOfInput(input: Record<string, unknown>): Values {
  const known = Object.fromEntries(
    Object.keys(EMPTY).map((field) => [field, input[field] ?? EMPTY[field as keyof Values]]),
  )
  const values = known as unknown as Values
  const birthday = String(input.birthDate ?? input.birthday ?? '')
  return { ...values, birthday, phone: groupPhone(values.phone) }
}

/** What must be mended before it can be kept. A new customer needs her phone. */
export function troubles(values: Values, isNew: boolean, now: Date = new Date()): Troubles {
  const found: Troubles = {}
  if (!values.phone.trim() && isNew) found.phone = t('form.phone.missing')
  else if (values.phone.trim() && !looksLikePhone(values.phone)) found.phone = t('form.phone.short')
  if (/^\d/.test(values.birthday) && values.birthday > dayOf(now)) found.birthday = t('form.birthday.future')
  return found
}

/** The fields of a new customer, empty ones left out. */
export function createInput(values: Values): Omit<VariablesOf<typeof CreateCustomer>['input'], 'operationId' | 'id'> {
  const texts = TEXTS.filter((field) => field !== 'level' && values[field].trim()).map((field) => [
    field,
    values[field].trim(),
  ])
  const birthday = values.birthday ? { birthDate: values.birthday } : {}
  return {
    ...Object.fromEntries(texts),
    ...birthday,
    gender: values.gender,
    source: values.source,
    phone: plainPhone(values.phone),
  }
}

/** Only what differs from `before`; an emptied field is null. */
export function changes(values: Values, before: Values): Record<string, string | null> {
  const changed: Record<string, string | null> = {}
  for (const field of Object.keys(EMPTY) as (keyof Values)[]) {
    const now = values[field].trim()
    if (now !== before[field].trim())
      changed[field === 'birthday' ? 'birthDate' : field] = field === 'phone' ? plainPhone(now) : now || null
  }
  if (changed.phone === '') delete changed.phone
  return changed
}

/** What she typed over `before`, laid over values that are known since. */
export function typedOver(now: Values, typed: Values, before: Values): Values {
  const touched = Object.entries(typed).filter(([field, value]) => value !== before[field as keyof Values])
  return { ...now, ...(Object.fromEntries(touched) as Partial<Values>) }
}
