/* What was typed into head office's fields about somebody else than the customer, as a write of it needs it. Pure. */
import { inWords, wrong } from './values.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Field, Template } from './operations.ts'
import { filled, KEPT, plain, type Said, same } from './said.ts'

export interface Own {
  /** Only what changed; an emptied field has no content. */
  values: { key: string; content: string[] }[]
  /** Of the template that was typed into; null: this device has none. */
  version: number | null
  words: Record<string, string>
  /** Keys of what does not stay on this device in full. */
  secret: string[]
  /** Nothing of it is left to mend. */
  fits: boolean
}

/** What is on file, as the server tells it or as it was typed before. */
export interface KnownValue {
  key: string
  content: readonly string[]
  text?: string
}

/** Fields about children that this person fills in. */
export const childFields = (template: Template | null): Field[] =>
  (template?.fields ?? []).filter(
    (field) => field.subject === 'DEPENDANT' && !field.archivedAt && !field.builtIn && !field.computed && field.mayEdit,
  )

/** A value that is not told (a phone) stands as it is. */
export const saidOf = (known: readonly KnownValue[]): Said =>
  Object.fromEntries(known.map(({ key, content }) => [key, content.length ? content : [KEPT]]))

/** Key -> what is wrong. What is required must be filled in where it is new, and stay where it was filled in. */
export function ownTroubles(
  fields: readonly Field[],
  said: Said,
  before: Said,
  isNew: boolean,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const field of fields) {
    const content = said[field.key] ?? []
    const missing = field.required && !filled(content) && (isNew || filled(before[field.key]))
    const trouble = wrong(field, content) ?? (missing ? t('value.required', { label: field.label }) : null)
    if (trouble) found[field.key] = trouble
  }
  return found
}

export function ownOf(template: Template | null, said: Said, before: Said, isNew: boolean, currency: string): Own {
  const fields = childFields(template)
  const changed = fields.filter(({ key }) => !same(said[key], before[key]) && said[key]?.[0] !== KEPT)
  return {
    values: changed.map(({ key }) => ({ key, content: plain(said[key]) })),
    version: template?.version ?? null,
    words: Object.fromEntries(changed.map((field) => [field.key, inWords(field, said[field.key] ?? [], currency)])),
    secret: changed.filter(({ kind }) => kind === 'PHONE').map(({ key }) => key),
    fits: !Object.keys(ownTroubles(fields, said, before, isNew)).length,
  }
}
