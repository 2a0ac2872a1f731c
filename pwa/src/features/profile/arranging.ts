/* Where the fields and groups of the template stand. Pure; every change makes a new one. */
import type { Draft, FieldDraft } from './editor.ts'

/** A field one place up or down; past the end of its group into the next one. What is archived is stepped over. */
export function moved(draft: Draft, id: string, by: 1 | -1): Draft {
  const from = draft.findIndex((group) => group.fields.some((field) => field.id === id))
  const fields = draft[from]?.fields ?? []
  const field = fields.find((one) => one.id === id)
  if (!field) return draft
  const shown = fields.filter((one) => !one.archived)
  const next = shown[shown.indexOf(field) + by]
  const rest = fields.filter((one) => one !== field)
  if (next) {
    const at = rest.indexOf(next) + (by > 0 ? 1 : 0)
    return draft.with(from, { ...draft[from]!, fields: rest.toSpliced(at, 0, field) })
  }
  const group = draft[from + by]
  return group ? put(draft, field, group.id, by > 0 ? 0 : group.fields.length) : draft
}

/** A field in this group: at the end, or at a place. */
export function put(draft: Draft, field: FieldDraft, groupId: string, at?: number): Draft {
  return draft.map((group) => {
    const rest = group.fields.filter(({ id }) => id !== field.id)
    return { ...group, fields: group.id === groupId ? rest.toSpliced(at ?? rest.length, 0, field) : rest }
  })
}

/** A field that was dragged: in this group before another, or (null) at its end. */
export function dropped(draft: Draft, id: string, groupId: string, before: string | null): Draft {
  const field = draft.flatMap(({ fields }) => fields).find((one) => one.id === id)
  const others = draft.find((group) => group.id === groupId)?.fields.filter((one) => one !== field) ?? []
  const at = others.findIndex((one) => one.id === before)
  return field ? put(draft, field, groupId, at < 0 ? undefined : at) : draft
}

/** A group that was dragged: before another, or (null) as the last. */
export function groupDropped(draft: Draft, id: string, before: string | null): Draft {
  const group = draft.find((one) => one.id === id)
  const others = draft.filter((one) => one !== group)
  const at = others.findIndex((one) => one.id === before)
  return group ? others.toSpliced(at < 0 ? others.length : at, 0, group) : draft
}
