/* A rule while head office works on it: groups that hold conditions and groups. Pure; every change makes a new one. */

export interface Condition {
  id: string
  /** It counts when it does not hold. */
  not: boolean
  fact: string
  /** As it stands in a rule: `ge`. */
  op: string
  value: unknown
  where: Record<string, unknown>
}
export interface Group {
  id: string
  not: boolean
  join: 'all' | 'any'
  nodes: Item[]
}
export type Item = Condition | Group
type Made = () => string

export const isGroup = (item: Item): item is Group => 'nodes' in item
/** Levels of groups that a screen shows well; a rule may have more. */
export const DEEPEST = 3

/** A rule's JSON under the hands: what is not a group itself stands alone in one. */
export function rootOf(tree: unknown, made: Made): Group {
  const item = itemOf(tree, made)
  return isGroup(item) ? item : { id: made(), not: false, join: 'all', nodes: [item] }
}

function itemOf(said: unknown, made: Made): Item {
  const one = said as Record<string, unknown>
  if ('not' in one) {
    const inner = itemOf(one.not, made)
    return { ...inner, not: !inner.not }
  }
  if ('fact' in one) {
    const { fact, op, value = null, where = {} } = one as unknown as Condition
    return { id: made(), not: false, fact, op, value, where: { ...where } }
  }
  const join = 'any' in one ? 'any' : 'all'
  return { id: made(), not: false, join, nodes: (one[join] as unknown[]).map((inner) => itemOf(inner, made)) }
}

export interface Written {
  tree: Record<string, unknown>
  /** The place in the rule of what it was made of: `tree.all.0` -> its id. */
  places: Map<string, string>
  /** The conditions' ids, from left to right. */
  order: string[]
}

/** The rule as the server reads it; groups of nothing are left out. */
export function written(root: Group): Written {
  const places = new Map<string, string>()
  const order: string[] = []
  const write = (item: Item, place: string): Record<string, unknown> => {
    places.set(place, item.id)
    const at = item.not ? `${place}.not` : place
    places.set(at, item.id)
    const said = isGroup(item) ? groupSaid(item, at) : conditionSaid(item)
    return item.not ? { not: said } : said
  }
  const groupSaid = (group: Group, at: string) => ({
    [group.join]: group.nodes
      .filter((one) => !isGroup(one) || !empty(one))
      .map((one, n) => write(one, `${at}.${group.join}.${n}`)),
  })
  const conditionSaid = ({ id, fact, op, value, where }: Condition) => {
    order.push(id)
    const narrowed = Object.fromEntries(Object.entries(where).filter(([, said]) => !blank(said)))
    return {
      ...{ fact, op },
      ...(op === 'known' || op === 'unknown' ? {} : { value }),
      ...(Object.keys(narrowed).length ? { where: narrowed } : {}),
    }
  }
  return { tree: write(root, 'tree'), places, order }
}

const blank = (said: unknown) => said === null || said === undefined || (Array.isArray(said) && !said.length)
export const empty = (group: Group): boolean => group.nodes.every((one) => isGroup(one) && empty(one))

/** Whose place a refusal speaks of: the nearest that there is. */
export function placed(field: string | null, places: Map<string, string>): string | null {
  for (let at = field ?? ''; at; at = at.slice(0, at.lastIndexOf('.'))) {
    const id = places.get(at)
    if (id) return id
    if (!at.includes('.')) break
  }
  return null
}

export function* items(group: Group): Generator<Item> {
  yield group
  for (const one of group.nodes) yield* isGroup(one) ? items(one) : [one]
}
export const found = (root: Group, id: string): Item | null => [...items(root)].find((one) => one.id === id) ?? null

export function parentOf(root: Group, id: string): Group | null {
  const groups = [...items(root)].filter(isGroup)
  return groups.find(({ nodes }) => nodes.some((one) => one.id === id)) ?? null
}

/** How many groups lie around it; the outermost has none. */
export function depthOf(root: Group, id: string): number {
  const parent = parentOf(root, id)
  return parent ? depthOf(root, parent.id) + 1 : 0
}
const height = (item: Item): number => (isGroup(item) ? 1 + Math.max(0, ...item.nodes.map(height)) : 0)

/** Every group as `change` makes it, from the outermost in. */
function mapped(group: Group, change: (group: Group) => Group): Group {
  const now = change(group)
  return { ...now, nodes: now.nodes.map((one) => (isGroup(one) ? mapped(one, change) : one)) }
}

/** With these changes to one item. */
export function changed(root: Group, id: string, change: Partial<Condition> | Partial<Group>): Group {
  if (root.id === id) return { ...root, ...(change as Partial<Group>) }
  const apply = (one: Item): Item => (one.id === id ? ({ ...one, ...change } as Item) : one)
  return mapped(root, (group) => ({ ...group, nodes: group.nodes.map(apply) }))
}

export const removed = (root: Group, id: string): Group =>
  mapped(root, (group) => ({ ...group, nodes: group.nodes.filter((one) => one.id !== id) }))

/** In this group before another, or (null) at its end; where the group has gone, in the outermost. */
export function inserted(root: Group, item: Item, groupId: string, before: string | null): Group {
  const into = found(root, groupId) ? groupId : root.id
  return mapped(root, (group) => {
    if (group.id !== into) return group
    const at = group.nodes.findIndex((one) => one.id === before)
    return { ...group, nodes: group.nodes.toSpliced(at < 0 ? group.nodes.length : at, 0, item) }
  })
}

/** What was dragged or sent there; null: there it cannot stand (in itself, too deep). */
export function dropped(root: Group, id: string, groupId: string, before: string | null): Group | null {
  const item = found(root, id)
  if (!item || item === root || (isGroup(item) && found(item, groupId))) return null
  if (depthOf(root, groupId) + 1 + height(item) > Math.max(DEEPEST, height(root))) return null
  return inserted(removed(root, id), item, groupId, before)
}

/** One place up or down: into the group that stands there, at the end of its own out of it. Null: no further. */
export function stepped(root: Group, id: string, by: 1 | -1): Group | null {
  const parent = parentOf(root, id)
  const item = found(root, id)
  if (!parent || !item) return null
  const at = parent.nodes.indexOf(item)
  const next = parent.nodes[at + by]
  if (next && isGroup(next)) {
    const inside = dropped(root, id, next.id, by > 0 ? (next.nodes[0]?.id ?? null) : null)
    if (inside) return inside
  }
  if (next) return dropped(root, id, parent.id, by < 0 ? next.id : (parent.nodes[at + 2]?.id ?? null))
  const outer = parentOf(root, parent.id)
  if (!outer) return null
  const around = outer.nodes.indexOf(parent)
  return dropped(root, id, outer.id, by < 0 ? parent.id : (outer.nodes[around + 1]?.id ?? null))
}

/** In a new group of its own, in its place. Null: too deep. */
export function wrapped(root: Group, id: string, made: Made): Group | null {
  const parent = parentOf(root, id)
  const item = found(root, id)
  if (!parent || !item || depthOf(root, parent.id) + 2 + height(item) > DEEPEST) return null
  const group: Group = { id: made(), not: false, join: parent.join === 'all' ? 'any' : 'all', nodes: [item] }
  return mapped(root, (one) =>
    one.id === parent.id ? { ...one, nodes: one.nodes.map((inner) => (inner === item ? group : inner)) } : one,
  )
}

/** A group's own in its place. */
export function dissolved(root: Group, id: string): Group {
  return mapped(root, (group) => ({
    ...group,
    nodes: group.nodes.flatMap((one) => (one.id === id && isGroup(one) ? one.nodes : [one])),
  }))
}

/** The same rule, whatever ids its parts have here. */
export const same = (one: Group, other: Group): boolean =>
  JSON.stringify(written(one).tree) === JSON.stringify(written(other).tree)
