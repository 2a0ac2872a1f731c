import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeServer } from '../../../testing/server.ts'
import { REST, usePreview } from './preview.ts'
import { changed, type Group, rootOf } from './tree.ts'

let server: FakeServer
let n = 0
const rule = (value: unknown): Group => rootOf({ all: [{ fact: 'orders.count', op: 'ge', value }] }, () => `i${n++}`)
const answer = (customers: number, userErrors: unknown[] = []) => ({
  json: {
    data: {
      segmentPreview: { sentence: '', customers, exact: true, each: [customers], stores: [], sample: [], userErrors },
    },
  },
})
const asked = () => server.asked.map(({ variables }) => JSON.stringify(variables.tree))
const rest = async (ms = REST) => {
  await nextTick()
  await vi.advanceTimersByTimeAsync(ms)
}

beforeEach(() => {
  vi.useFakeTimers()
  n = 0
  server = new FakeServer()
  server.when(({ variables }) => answer((variables.tree as { all: { value: number }[] }).all[0]!.value))
})
afterEach(() => vi.useRealTimers())

it('asks once a rule rests, and of the latest alone', async () => {
  const root = shallowRef<Group | null>(rule(1))
  const preview = effectScope().run(() => usePreview(root))!
  await rest(0)
  expect(preview.found.value?.customers).toBe(1)
  for (const value of [2, 3, 4]) {
    root.value = changed(root.value!, root.value!.nodes[0]!.id, { value })
    await rest(REST / 2)
  }
  expect([preview.stale.value, preview.busy.value, preview.found.value?.customers]).toEqual([true, true, 1])
  await rest()
  expect(asked()).toHaveLength(2)
  expect([preview.stale.value, preview.busy.value, preview.found.value?.customers]).toEqual([false, false, 4])
  expect([...preview.counts.value.values()]).toEqual([4])
})

it('drops an answer to a rule that has changed meanwhile', async () => {
  const root = shallowRef<Group | null>(rule(1))
  const preview = effectScope().run(() => usePreview(root))!
  root.value = rule(2)
  await vi.advanceTimersByTimeAsync(0)
  expect(preview.found.value).toBeNull()
  await rest()
  expect(preview.found.value?.customers).toBe(2)
})

it('stands by the condition that is to be mended, and keeps the last count', async () => {
  const root = shallowRef<Group | null>(rule(1))
  const preview = effectScope().run(() => usePreview(root))!
  await rest(0)
  const refusal = { code: 'INVALID', field: 'tree.all.0', message: '这一条还没填完' }
  server.when(() => answer(0, [refusal]))
  const condition = root.value!.nodes[0]!.id
  root.value = changed(root.value!, condition, { value: null })
  await rest()
  expect(preview.troubles.value.get(condition)).toBe('这一条还没填完')
  expect([preview.found.value?.customers, preview.stale.value, preview.busy.value]).toEqual([1, true, false])
})

it('says that it was not reached, and asks again when told', async () => {
  const root = shallowRef<Group | null>(rule(1))
  server.when(() => 'down')
  const preview = effectScope().run(() => usePreview(root))!
  await rest(0)
  expect(preview.trouble.value).toBe('unreachable')
  server.reset()
  server.when(() => answer(7))
  preview.refresh()
  await rest(0)
  expect([preview.trouble.value, preview.found.value?.customers]).toEqual([null, 7])
})
