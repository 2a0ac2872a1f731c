import { expect, it } from 'vitest'
import {
  changed,
  type Condition,
  dissolved,
  dropped,
  found,
  type Group,
  inserted,
  parentOf,
  placed,
  removed,
  rootOf,
  same,
  stepped,
  wrapped,
  written,
} from './tree.ts'

const rule = {
  all: [
    { fact: 'a', op: 'ge', value: 2, where: { days: 30 } },
    { any: [{ not: { fact: 'b', op: 'known' } }, { fact: 'c', op: 'in', value: ['x'] }] },
    { not: { any: [{ fact: 'd', op: 'is', value: true }] } },
  ],
}
let n = 0
const made = () => `i${n++}`
const read = (tree: unknown = rule): Group => {
  n = 0
  return rootOf(tree, made)
}
/** The id of the condition on this fact. */
const of = (root: Group, fact: string): string =>
  written(root).order.find((id) => (found(root, id) as Condition).fact === fact)!
const facts = (root: Group) => written(root).order.map((id) => (found(root, id) as Condition).fact)

it('is read and written as the same rule; what is no group stands alone in one', () => {
  expect(written(read()).tree).toEqual(rule)
  expect(written(read({ fact: 'a', op: 'known' })).tree).toEqual({ all: [{ fact: 'a', op: 'known' }] })
  expect(written(read({ not: { not: { all: [] } } })).tree).toEqual({ all: [] })
})

it('leaves empty groups and empty narrowings out, and knows whose place is meant', () => {
  const root = read({ all: [{ any: [] }, { not: { fact: 'a', op: 'ge', value: 1, where: { stores: [] } } }] })
  const { tree, places } = written(root)
  expect(tree).toEqual({ all: [{ not: { fact: 'a', op: 'ge', value: 1 } }] })
  expect(placed('tree.all.0.not', places)).toBe(of(root, 'a'))
  expect(placed('tree.all.0', places)).toBe(of(root, 'a'))
  expect(placed('tree', places)).toBe(root.id)
  expect(placed('name', places)).toBeNull()
})

it('changes, removes, and puts back what was removed where it stood', () => {
  const root = read()
  const b = of(root, 'b')
  const parent = parentOf(root, b)!
  const without = removed(root, b)
  expect(facts(without)).toEqual(['a', 'c', 'd'])
  const back = inserted(without, found(root, b)!, parent.id, of(root, 'c'))
  expect(same(back, root)).toBe(true)
  const gone = removed(root, parent.id)
  expect(facts(inserted(gone, found(root, b)!, parent.id, null))).toEqual(['a', 'd', 'b'])
  expect(written(changed(root, root.id, { join: 'any' })).tree).toEqual({ any: rule.all })
})

it('steps into groups and out of them, and stops at the ends', () => {
  let root = read()
  const a = of(root, 'a')
  const down = []
  for (let next: Group | null = root; (next = stepped(root, a, 1)); root = next) down.push(facts(next).join(''))
  expect(down).toEqual(['abcd', 'bacd', 'bcad', 'bcad', 'bcad', 'bcda', 'bcda'])
  expect(parentOf(root, a)!.id).toBe(root.id)
  for (let next: Group | null = root; (next = stepped(root, a, -1));) root = next
  expect(same(root, read())).toBe(true)
})

it('takes a drop anywhere but in itself and too deep', () => {
  const root = read()
  const group = parentOf(root, of(root, 'b'))!.id
  expect(facts(dropped(root, of(root, 'd'), group, of(root, 'c'))!)).toEqual(['a', 'b', 'd', 'c'])
  expect(dropped(root, group, group, null)).toBeNull()
  expect(dropped(root, root.id, group, null)).toBeNull()
  const deep = wrapped(root, of(root, 'b'), made)!
  expect(written(deep).tree.all).toHaveLength(3)
  expect(wrapped(deep, of(deep, 'b'), made)).toBeNull()
  expect(dropped(deep, group, parentOf(deep, of(deep, 'd'))!.id, null)).toBeNull()
})

it('dissolves a group into its place', () => {
  const root = read()
  expect(written(dissolved(root, parentOf(root, of(root, 'b'))!.id)).tree.all).toHaveLength(4)
})
