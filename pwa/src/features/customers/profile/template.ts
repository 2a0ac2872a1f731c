/* The template of customers' cards on this device: kept, so that the form is whole where nothing can be asked. */
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { locale, type MessageKey, t } from '@/shared/lib/i18n.ts'
import { CardTemplate, type Field, type Template } from './operations.ts'

type Known = { profileTemplate: Template }

export interface Section {
  key: string
  title: string
  fields: Field[]
}

/** Labels and sentences are in the reader's language, so each language is kept for itself. */
export const kept = (): string => `card-template:${locale.value}`

export function useTemplate(): Live<Known> {
  return useSnapshot<Known>(kept, () => ask(CardTemplate, {}))
}

/** Built-in fields that the form has inputs for. */
const INPUTS = new Set(['phone', 'name', 'alias', 'gender', 'birthday', 'level', 'source', 'note'])
/** What only a known customer has. */
const KNOWN_ONLY = new Set(['level'])

/** The groups of a form with what is asked in them, in the template's order; empty ones are left out. */
export function sections(template: Template, isNew: boolean): Section[] {
  const asked = template.fields.filter(
    (field) =>
      field.subject === 'CUSTOMER' &&
      !field.archivedAt &&
      !field.computed &&
      field.mayEdit &&
      (!field.builtIn || (INPUTS.has(field.key) && !(isNew && KNOWN_ONLY.has(field.key)))),
  )
  return template.groups
    .map((group) => ({ ...group, fields: asked.filter((field) => field.group === group.key) }))
    .filter((section) => section.fields.length > 0)
}

/** The form of a device that never heard what the card asks for: what the program knows. */
export function withoutTemplate(isNew: boolean): Section[] {
  const fields = [...INPUTS]
    .filter((key) => !(isNew && KNOWN_ONLY.has(key)))
    .map((key) => ({ key, label: t(`form.${key}` as MessageKey), help: null, required: false, builtIn: true }) as Field)
  return [{ key: '', title: '', fields }]
}

/** Is a field of the program's own for her to see, or to change? Unknown until the template is there: then it is. */
export function allows(template: Template | null | undefined, key: string, what: 'maySee' | 'mayEdit'): boolean {
  return template?.fields.find((field) => field.builtIn && field.key === key)?.[what] !== false
}

/** Fields of head office's own that the form asks for. */
export function ownFields(template: Template | null): Field[] {
  return template ? sections(template, false).flatMap(({ fields }) => fields.filter((field) => !field.builtIn)) : []
}
