/* The template while head office works on it: groups that hold their fields. Pure; every change makes a new one. */
import { put } from './arranging.ts'
import type { Field, SaveInput, Whole } from './operations.ts'

export interface Words {
  zhCn: string
  en: string
}
export type Kind = Field['kind']
export type Role = NonNullable<Field['sees']>[number]
export type RuleCode = Field['rules'][number]['code']

export interface OptionDraft {
  id: string
  key: string | null
  labels: Words
  archived: boolean
}
export interface RuleDraft {
  value: string | null
  values: string[]
  messages: Words | null
}

export interface FieldDraft {
  /** Its key, or of a new one an id of this device. */
  id: string
  key: string | null
  kind: Kind
  labels: Words
  helps: Words
  benefits: Words
  options: OptionDraft[]
  required: boolean
  weight: number
  sensitivity: Field['sensitivity']
  subject: Field['subject']
  sees: Role[] | null
  edits: Role[] | null
  rules: Partial<Record<RuleCode, RuleDraft>>
  searchable: boolean
  archived: boolean
  builtIn: boolean
  computed: boolean
  needed: boolean
  /** Head office may say who sees and changes it. */
  limitable: boolean
}
export interface GroupDraft {
  id: string
  key: string | null
  titles: Words
  fields: FieldDraft[]
}
export type Draft = GroupDraft[]

const words = (said: { zhCn: string | null; en: string | null } | null): Words => ({
  zhCn: said?.zhCn ?? '',
  en: said?.en ?? '',
})
const said = ({ zhCn, en }: Words) =>
  zhCn.trim() || en.trim() ? { zhCn: zhCn.trim() || null, en: en.trim() || null } : null

export function draftOf(template: Whole): Draft {
  return template.groups.map(({ key, titles }) => ({
    id: key,
    key,
    titles: words(titles),
    fields: template.fields.filter(({ group }) => group === key).map(fieldOf),
  }))
}

function fieldOf(field: Field): FieldDraft {
  const { key, kind, required, weight, sensitivity, subject, searchable, builtIn, computed, needed } = field
  const rules = field.rules.map(({ code, value, values, messages }) => [
    code,
    { value, values, messages: messages && words(messages) },
  ])
  return {
    id: key,
    ...{ key, kind, required, weight, sensitivity, subject, searchable, builtIn, computed, needed },
    limitable: field.limitable,
    labels: words(field.labels),
    helps: words(field.helps),
    benefits: words(field.benefits),
    options: field.options.map((one) => ({
      id: one.key,
      key: one.key,
      labels: words(one.labels),
      archived: one.archived,
    })),
    sees: field.sees,
    edits: field.edits,
    rules: Object.fromEntries(rules) as FieldDraft['rules'],
    archived: field.archivedAt !== null,
  }
}

export function newField(id: string, kind: Kind): FieldDraft {
  const empty = { zhCn: '', en: '' }
  return {
    id,
    key: null,
    kind,
    labels: { ...empty },
    helps: { ...empty },
    benefits: { ...empty },
    options: [],
    required: false,
    weight: 0,
    sensitivity: 'PERSONAL',
    subject: 'CUSTOMER',
    sees: null,
    edits: null,
    rules: {},
    searchable: false,
    archived: false,
    builtIn: false,
    computed: false,
    needed: false,
    limitable: true,
  }
}

/** The whole as it is saved: a new group is named by its place. */
export function inputOf(draft: Draft, baseVersion: number): SaveInput {
  return {
    baseVersion,
    groups: draft.map(({ key, titles }) => ({ key, titles: said(titles) ?? { zhCn: null, en: null } })),
    fields: draft.flatMap((group, place) =>
      group.fields.map((field) => {
        const { key, kind, required, weight, sensitivity, subject, sees, edits, searchable, archived } = field
        return {
          ...{ key, kind, required, weight, sensitivity, subject, sees, edits, searchable, archived },
          group: group.key ?? `#${place}`,
          labels: said(field.labels) ?? { zhCn: null, en: null },
          helps: said(field.helps),
          benefits: said(field.benefits),
          options: field.options.length
            ? field.options.map((one) => ({
                key: one.key,
                archived: one.archived,
                labels: said(one.labels) ?? { zhCn: null, en: null },
              }))
            : null,
          rules: Object.entries(field.rules).map(([code, rule]) => ({
            code: code as RuleCode,
            value: rule.value,
            values: rule.values.length ? rule.values : null,
            messages: rule.messages && said(rule.messages),
          })),
        }
      }),
    ),
  }
}

/** The field as it is now, in its place. */
export function replaced(draft: Draft, field: FieldDraft): Draft {
  return draft.map((group) => ({ ...group, fields: group.fields.map((one) => (one.id === field.id ? field : one)) }))
}

const text = (value: unknown): string => JSON.stringify(value)
const arrangement = (draft: Draft): string => text(draft.map(({ id, fields }) => [id, fields.map((one) => one.id)]))

export const same = (one: Draft, other: Draft): boolean => text(one) === text(other)

/** What I did since `base`, on top of what somebody else saved meanwhile. Where both changed one field, mine stands. */
export function rebased(base: Draft, theirs: Draft, mine: Draft): Draft {
  const fields = (draft: Draft) => new Map(draft.flatMap((group) => group.fields).map((one) => [one.id, one]))
  const [before, now, own] = [fields(base), fields(theirs), fields(mine)]
  const pick = (field: FieldDraft): FieldDraft => {
    const my = own.get(field.id)
    const touched = my && text(my) !== text(before.get(field.id))
    return touched ? my : (now.get(field.id) ?? my ?? field)
  }
  const kept = arrangement(mine) === arrangement(base)
  let made = (kept ? theirs : mine).map((group) => {
    const my = mine.find(({ id }) => id === group.id)
    const was = base.find(({ id }) => id === group.id)
    const other = theirs.find(({ id }) => id === group.id)
    const titles = my && text(my.titles) !== text(was?.titles) ? my.titles : (other ?? group).titles
    return { ...group, titles, fields: group.fields.map(pick) }
  })
  for (const group of kept ? mine : theirs)
    for (const field of group.fields.filter(({ id }) => !made.some((one) => one.fields.some((f) => f.id === id)))) {
      if (!made.some(({ id }) => id === group.id)) made = [...made, { ...group, fields: [] }]
      made = put(made, pick(field), group.id)
    }
  return made
}

/** In the reader's language, else in the other. */
export const inLanguage = ({ zhCn, en }: Words, locale: string): string =>
  (locale === 'en' ? en.trim() || zhCn : zhCn.trim() || en).trim()

/** What the guide will see: a template as her form takes it. */
export function preview(draft: Draft, locale: string) {
  return {
    version: 0,
    groups: draft.map(({ id, titles }) => ({ key: id, title: inLanguage(titles, locale) })),
    fields: draft.flatMap((group) =>
      group.fields.map((field) => ({
        ...field,
        key: field.key ?? field.id,
        group: group.id,
        label: inLanguage(field.labels, locale) || '…',
        help: inLanguage(field.helps, locale) || null,
        options: field.options.map((one) => ({
          ...one,
          key: one.key ?? one.id,
          label: inLanguage(one.labels, locale),
        })),
        archivedAt: field.archived ? '' + true : null,
        maySee: true,
        mayEdit: true,
        rules: Object.entries(field.rules).map(([code, rule]) => ({ code: code as RuleCode, ...rule, message: '' })),
      })),
    ),
  }
}
