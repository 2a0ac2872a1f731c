import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { part } from './lazy.ts'

const Sheet = { template: '<p>here</p>' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a part whose fetch failed comes while it is still wanted, without being opened anew', async () => {
  let fetches = 0
  const load = async () => {
    if (++fetches < 3) throw new TypeError('no connection')
    return { default: Sheet }
  }
  const page = mount(part(load, 'default'))
  await vi.advanceTimersByTimeAsync(1_900)
  expect(page.text()).toBe('')
  await vi.advanceTimersByTimeAsync(2_200)
  expect([page.text(), fetches]).toEqual(['here', 3])
})

test('a part that nobody waits for any more is not fetched again', async () => {
  const load = vi.fn(() => Promise.reject(new TypeError('no connection')))
  const page = mount(part(load, 'default'))
  await vi.advanceTimersByTimeAsync(100)
  page.unmount()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(load).toHaveBeenCalledTimes(1)
})
