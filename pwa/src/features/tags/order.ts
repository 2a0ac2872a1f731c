/* Where groups and tags stand. Pure; every change makes a new order. */
import type { Group } from './manage.operations.ts'

export type Order = { groupId: string; tagIds: string[] }[]

export const orderOf = (groups: readonly Group[]): Order =>
  groups
    .filter((group) => !group.archivedAt)
    .map(({ id, tags }) => ({ groupId: id, tagIds: tags.filter((tag) => !tag.archivedAt).map((tag) => tag.id) }))

/** A tag in this group before another, or (null) at its end. */
export function dropped(order: Order, tagId: string, groupId: string, before: string | null): Order {
  return order.map((group) => {
    const rest = group.tagIds.filter((id) => id !== tagId)
    if (group.groupId !== groupId) return { ...group, tagIds: rest }
    const at = before === null ? rest.length : rest.indexOf(before)
    return { ...group, tagIds: rest.toSpliced(at < 0 ? rest.length : at, 0, tagId) }
  })
}

/** A tag one place up or down; past the end of its group into the next one. */
export function moved(order: Order, tagId: string, by: 1 | -1): Order {
  const from = order.findIndex(({ tagIds }) => tagIds.includes(tagId))
  const group = order[from]
  if (!group) return order
  const at = group.tagIds.indexOf(tagId) + by
  const rest = group.tagIds.filter((id) => id !== tagId)
  if (at >= 0 && at <= rest.length) return order.with(from, { ...group, tagIds: rest.toSpliced(at, 0, tagId) })
  const next = order[from + by]
  return next ? dropped(order, tagId, next.groupId, by > 0 ? (next.tagIds[0] ?? null) : null) : order
}

/** A group before another, or (null) as the last. */
export function groupDropped(order: Order, groupId: string, before: string | null): Order {
  const group = order.find((one) => one.groupId === groupId)
  const rest = order.filter((one) => one !== group)
  const at = rest.findIndex((one) => one.groupId === before)
  return group ? rest.toSpliced(at < 0 ? rest.length : at, 0, group) : order
}

/** Groups with their tags as the order has them. */
export function arranged(groups: readonly Group[], order: Order): Group[] {
  const tags = new Map(groups.flatMap((group) => group.tags).map((tag) => [tag.id, tag]))
  return order.flatMap(({ groupId, tagIds }) => {
    const group = groups.find(({ id }) => id === groupId)
    return group ? [{ ...group, tags: tagIds.flatMap((id) => tags.get(id) ?? []) }] : []
  })
}
