import { describe, expect, it } from 'vitest'
import type { Group } from './manage.operations.ts'
import { arranged, dropped, groupDropped, moved, type Order, orderOf } from './order.ts'

const order: Order = [
  { groupId: 'taste', tagIds: ['sweet', 'salty'] },
  { groupId: 'none', tagIds: [] },
  { groupId: 'value', tagIds: ['vip'] },
]
const said = (one: Order) => one.map(({ groupId, tagIds }) => `${groupId}: ${tagIds.join(' ')}`.trim())

describe('a tag', () => {
  it('goes before another one, into its own group or a further one', () => {
    expect(said(dropped(order, 'salty', 'taste', 'sweet'))[0]).toBe('taste: salty sweet')
    expect(said(dropped(order, 'salty', 'value', 'vip'))).toEqual(['taste: sweet', 'none:', 'value: salty vip'])
    expect(said(dropped(order, 'salty', 'none', null))[1]).toBe('none: salty')
  })
  it('moves step by step, and past an end into the next group', () => {
    expect(said(moved(order, 'salty', -1))[0]).toBe('taste: salty sweet')
    expect(said(moved(order, 'salty', 1))).toEqual(['taste: sweet', 'none: salty', 'value: vip'])
    expect(said(moved(order, 'vip', -1))[1]).toBe('none: vip')
    expect(moved(order, 'sweet', -1)).toEqual(order)
    expect(moved(order, 'vip', 1)).toEqual(order)
  })
})

it('a group goes before another, or last', () => {
  expect(said(groupDropped(order, 'value', 'taste'))[0]).toBe('value: vip')
  expect(said(groupDropped(order, 'taste', null))[2]).toBe('taste: sweet salty')
})

it('groups are shown as the order has them, without what is archived', () => {
  const tag = (id: string, archivedAt: string | null = null) => ({ id, archivedAt })
  const groups = [
    { id: 'taste', archivedAt: null, tags: [tag('sweet'), tag('old', 'then')] },
    { id: 'gone', archivedAt: 'then', tags: [] },
    { id: 'value', archivedAt: null, tags: [tag('vip')] },
  ] as unknown as Group[]
  expect(said(orderOf(groups))).toEqual(['taste: sweet', 'value: vip'])
  const shown = arranged(groups, dropped(orderOf(groups), 'sweet', 'value', null))
  expect(shown.map(({ id, tags }) => [id, tags.map((one) => one.id)])).toEqual([
    ['taste', []],
    ['value', ['vip', 'sweet']],
  ])
})
