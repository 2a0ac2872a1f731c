import { expect, it } from 'vitest'
import { customer, entry } from '../../../testing/make.ts'
import { matching, overlaidDetail, overlaidRows } from './overlay.ts'

const create = entry(
  'CreateCustomer',
  'Customer:n',
  { id: 'n', phone: '13911112222', name: '沈佳宁' },
  { creates: true },
)

it('a pending edit shows over what the server said, a new number masked', () => {
  const edit = entry('UpdateCustomer', 'Customer:a', { level: '金卡', phone: '13911112222' })
  expect(overlaidDetail(customer('a'), 'a', [edit])).toMatchObject({
    level: '金卡',
    phone: '139 •••• 2222',
    pending: true,
  })
})

it('a pending note stands on top of the timeline, once, also when the server has it already', () => {
  const note = entry('AddNote', 'Customer:a', { id: 'note-1', text: '下周来' })
  const once = overlaidDetail(customer('a'), 'a', [note])!
  expect(once.timeline.edges.map((edge) => edge.node.detail)).toEqual(['下周来'])
  expect(overlaidDetail(once, 'a', [note])!.timeline.edges).toHaveLength(1)
})

it('a customer who exists only on this device has a page and a row', () => {
  expect(overlaidDetail(null, 'n', [create])).toMatchObject({
    name: '沈佳宁',
    phone: '139 •••• 2222',
    pending: true,
    version: 1,
  })
  expect(overlaidRows([customer('a')], [create], true).map((row) => row.name)).toEqual(['沈佳宁', '周雨桐'])
  expect(overlaidRows([customer('a')], [create], false)).toHaveLength(1)
})

it('refused edits are not shown as done', () => {
  const edit = entry('UpdateCustomer', 'Customer:a', { level: '金卡' }, { state: 'rejected' })
  expect(overlaidDetail(customer('a'), 'a', [edit])).toMatchObject({ level: '银卡', pending: false })
})

it('a search without a connection finds by name, by what the shop calls her and by exactly four last digits or the whole number', () => {
  const rows = overlaidRows(
    [customer('a', { alias: '小满妈妈' }), customer('b', { name: '何佳', phone: '138 •••• 1111' })],
    [],
    true,
  )
  const found = (text: string) => matching(rows, text).map((row) => row.id)
  expect([found('雨桐'), found('小满'), found('2047'), found('13812342047'), found('47'), found('12342047')]).toEqual([
    ['a'],
    ['a'],
    ['a'],
    ['a'],
    [],
    [],
  ])
})
