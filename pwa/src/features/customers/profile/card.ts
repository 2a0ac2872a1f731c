/* A customer's card as people read it: groups with what is known, and what the empty fields would bring. Pure. */
import { birthdayWords } from '@/shared/lib/birthdays.ts'
import { plainDate, shortDay } from '@/shared/lib/dates.ts'
import { t, tEnum } from '@/shared/lib/i18n.ts'
import type { DetailView } from '../overlay.ts'
import type { Field, Template } from './operations.ts'

export interface Fact {
  key: string
  label: string
  text: string
}

export interface FactGroup {
  key: string
  title: string
  facts: Fact[]
}

export type Missing = NonNullable<DetailView['completeness']>['missing'][number]

/** Built-in fields in words; what stands at the top of her page, or among her purchases, is not said again. */
const BUILT_IN: Partial<Record<string, (customer: DetailView) => string | null>> = {
  birthday: ({ birthDate }) => (birthDate ? birthdayWords(birthDate) : null),
  gender: ({ gender }) => (gender === 'UNKNOWN' ? null : tEnum('gender', gender)),
  source: ({ source }) => tEnum('source', source),
  note: ({ note }) => note,
}

/** What is known, by the template's groups; groups of which nothing is known are left out. */
export function factGroups(customer: DetailView, template: Template | null): FactGroup[] {
  const groups = (template?.groups ?? []).map((group) => ({
    ...group,
    facts: (template?.fields ?? [])
      .filter(
        (field) =>
          field.group === group.key && field.subject === 'CUSTOMER' && !field.archivedAt && field.maySee !== false,
      )
      .flatMap((field) => fact(customer, field)),
  }))
  const known = template ? groups : [{ key: '', title: '', facts: plainFacts(customer) }]
  const since = { key: 'since', label: t('facts.since'), text: shortDay(customer.createdAt) }
  const last = known.filter(({ facts }) => facts.length).at(-1)
  return last
    ? known.filter(({ facts }) => facts.length).with(-1, { ...last, facts: [...last.facts, since] })
    : [{ key: '', title: '', facts: [since] }]
}

function fact(customer: DetailView, field: Field): Fact[] {
  const own = (customer.values ?? []).find(({ key }) => key === field.key)
  const text = field.builtIn ? BUILT_IN[field.key]?.(customer) : own?.text
  if (!text) return []
  const day = field.kind === 'DATE' && /^\d{4}-\d\d-\d\d$/.test(text)
  return [{ key: field.key, label: field.label, text: day ? plainDate(text) : text }]
}

/** Without a template: what the program itself knows. */
function plainFacts(customer: DetailView): Fact[] {
  const labels = {
    birthday: 'form.birthday',
    gender: 'form.gender',
    source: 'facts.source',
    note: 'form.note',
  } as const
  return Object.entries(labels).flatMap(([key, label]) => {
    const text = BUILT_IN[key]?.(customer)
    return text ? [{ key, label: t(label), text }] : []
  })
}

/** What the server misses and no write of this device has filled in since. */
export function stillMissing(customer: DetailView): Missing[] {
  const filled = new Set((customer.values ?? []).map(({ key }) => key))
  const here = (key: string): boolean =>
    filled.has(key) || (customer.pending && key !== 'source' && !!BUILT_IN[key]?.(customer))
  return (customer.completeness?.missing ?? []).filter(({ key }) => !here(key))
}

/** What the form has no input for: her page has places of their own for these. */
const ELSEWHERE = new Set(['wechat', 'store', 'guide', 'referrer'])

/** What the form can take of it. */
export const askable = (missing: readonly Missing[]): Missing[] => missing.filter(({ key }) => !ELSEWHERE.has(key))

/** Where to go on: the first whose filling brings something. */
export function firstMissing(missing: readonly Missing[]): Missing | null {
  const asked = askable(missing)
  return asked.find(({ benefit }) => benefit) ?? asked[0] ?? missing[0] ?? null
}
