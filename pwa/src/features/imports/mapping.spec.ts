import { expect, it } from 'vitest'
import { importJob } from '../../../testing/imports.ts'
import { chosen, columnsOf, namesSomebody } from './mapping.ts'

const sheets = [
  {
    sheet: '一店',
    header: 2,
    columns: [
      { heading: '姓名', field: 'name', samples: ['小满'] },
      { heading: '电话', field: null, samples: ['138'] },
    ],
  },
  { sheet: '二店', header: 1, columns: [{ heading: '电话', field: 'phone', samples: [] }] },
]

it('shows every heading once, taken for what any sheet took it for', () => {
  const columns = columnsOf(importJob({ kind: 'CUSTOMERS', sheets }))
  expect(columns.map(({ heading, field }) => [heading, field])).toEqual([
    ['姓名', 'name'],
    ['电话', 'phone'],
  ])
})

it('tells the import each field once, and knows when nobody could be known', () => {
  const columns = columnsOf(importJob({ kind: 'CUSTOMERS', sheets }))
  expect(chosen(columns.map((one) => ({ ...one, field: 'name' })))).toEqual([{ field: 'name', heading: '姓名' }])
  expect([namesSomebody(columns), namesSomebody(columns.slice(0, 1))]).toEqual([true, false])
})
