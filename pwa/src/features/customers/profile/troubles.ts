/* What the rules of head office say about a form. Fetched beside the form, not with it. */
import { t } from '@/shared/lib/i18n.ts'
import type { Text, Troubles, Values } from '../form.ts'
import { unfit } from '../party.ts'
import type { Field, Template } from './operations.ts'
import { filled, KEPT } from './said.ts'
import { sections } from './template.ts'
import { wrong } from './values.ts'

export interface Asked {
  template: Template
  before: Values
}

function missing(values: Values, isNew: boolean, { before }: Asked, field: Field): string | null {
  const needed = field.required && field.key !== 'phone' && !filled(contentOf(values, field))
  return needed && (isNew || filled(contentOf(before, field))) ? t('value.required', { label: field.label }) : null
}

/** What is in a field, as the rules read it: of built-in choices nothing that can be wrong. */
function contentOf(values: Values, field: Field): readonly string[] {
  if (!field.builtIn) return values.said[field.key] ?? []
  if (field.key === 'gender') return values.gender === 'UNKNOWN' ? [] : [KEPT]
  if (field.key === 'source' || field.key === 'phone') return [KEPT]
  // A birthday by the moon, or without its year, is no day that a rule could compare.
  if (field.key === 'birthday' && values.birthday && !/^\d/.test(values.birthday)) return [KEPT]
  return [values[field.key as Text] ?? '']
}

/** A new customer needs what head office requires; of a known one nothing that is required may be emptied. `asked` null:
    this device has no template. Of who comes with her the part for them says what is wrong. */
export function fieldTroubles(values: Values, isNew: boolean, asked: Asked | null, now: Date = new Date()): Troubles {
  const found: Troubles = values.party && unfit(values.party) ? { party: '' } : {}
  for (const field of asked ? sections(asked.template, isNew).flatMap((one) => one.fields) : []) {
    const name = field.builtIn ? field.key : `values.${field.key}`
    const trouble = wrong(field, contentOf(values, field), now) ?? missing(values, isNew, asked!, field)
    if (trouble) found[name] = trouble
  }
  return found
}
