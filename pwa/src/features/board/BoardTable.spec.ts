import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { boardRow } from '../../../testing/board.ts'
import BoardTable from './BoardTable.vue'

const rows = [boardRow('wang', 2), boardRow('xu', 0)]
const open = () =>
  mount(BoardTable, {
    props: { rows, by: 'GUIDE', period: 'TODAY', current: null, many: false },
    attachTo: document.body,
  })
const names = (table: ReturnType<typeof open>) => table.findAll('tbody th').map((head) => head.text())

it('is a table with a heading for each row and column', () => {
  const table = open()
  expect(table.findAll('th[scope=col]')).toHaveLength(5)
  expect(names(table)).toEqual(['wang', 'xu'])
  table.unmount()
})

it('says which number was touched', async () => {
  const table = open()
  await table.find('.latemark').trigger('click')
  expect(table.emitted('behind')).toEqual([[rows[0], 'LATE']])
  table.unmount()
})

it('keeps rows in place while a finger is on them', async () => {
  const table = open()
  await nextTick()
  await table.find('tbody').trigger('pointerdown')
  await table.setProps({ rows: [rows[1]!, rows[0]!] })
  expect(names(table)).toEqual(['wang', 'xu'])
  table.unmount()
  const fresh = open()
  await fresh.setProps({ rows: [rows[1]!, rows[0]!] })
  expect(names(fresh)).toEqual(['xu', 'wang'])
  fresh.unmount()
})
