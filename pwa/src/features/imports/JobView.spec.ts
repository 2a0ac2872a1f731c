import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { importJob as job } from '../../../testing/imports.ts'
import JobView from './JobView.vue'
import { w } from './words.ts'

const start = vi.fn(() => Promise.resolve())
const cancel = () => Promise.resolve()
const undo = () => Promise.resolve()
const asEver = { overwrite: [], overwriteOthers: 'OWN' }
const counts = { read: 10, created: 0, updated: 0, unchanged: 0, rejected: 10, duplicates: 0 }
const shown = (more: Parameters<typeof job>[0]) =>
  mount(JobView, {
    props: { job: job({ state: 'DONE', ...more }), start, cancel, undo },
    global: { stubs: ['RejectedRows', 'PeopleRows'] },
  })

it('a trial of orders can be done in earnest with follow-ups or, unless asked for, without', async () => {
  const view = shown({ counts: { ...counts, created: 8, rejected: 2 } })
  const earnest = () => view.get('.btn.primary').trigger('click')
  await earnest()
  await view.get('[role=switch]').trigger('click')
  await earnest()
  expect(start.mock.calls.map((call) => (call as unknown as [string, object])[1])).toEqual([
    { kind: 'ORDERS', dryRun: false, followUps: false, storeId: null, doubles: 'CREATE', ...asEver, columns: [] },
    { kind: 'ORDERS', dryRun: false, followUps: true, storeId: null, doubles: 'CREATE', ...asEver, columns: [] },
  ])
})

it('customers set nothing off', () => {
  const view = shown({ kind: 'CUSTOMERS', counts: { ...counts, created: 8, rejected: 2 } })
  expect(view.find('[role=switch]').exists()).toBe(false)
})

it('where no row can be taken there is nothing to do in earnest', () => {
  const view = shown({ counts })
  expect(view.get('h2').text()).toBe(w('done_dry_none'))
  expect(view.find('.btn.primary').exists()).toBe(false)
})

it('what was chosen of customers on file holds in earnest too', async () => {
  start.mockClear()
  const overwriting = { overwrite: [{ field: 'note', policy: 'KEEP' as const }], overwriteOthers: 'TAKE' as const }
  const view = shown({ kind: 'CUSTOMERS', counts: { ...counts, created: 8, rejected: 2 }, ...overwriting })
  expect(view.get('header').text()).toContain(w('overwrite_TAKE'))
  await view.get('.btn.primary').trigger('click')
  expect((start.mock.calls[0] as unknown as [string, object])[1]).toMatchObject(overwriting)
})
