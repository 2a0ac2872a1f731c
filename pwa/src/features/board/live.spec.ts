import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useLive } from './live.ts'

class Source extends EventTarget {
  static all: Source[] = []
  readyState = 0
  onopen?: () => void
  onerror?: () => void
  constructor(readonly url: string) {
    super()
    Source.all.push(this)
  }
  open(): void {
    this.readyState = 1
    this.onopen?.()
  }
  fail(): void {
    this.readyState = 2
    this.onerror?.()
  }
  close(): void {
    this.readyState = 2
  }
}

let asked: number
let close: () => void

const tell = (...kinds: string[]) =>
  Source.all[0]!.dispatchEvent(new MessageEvent('changed', { data: JSON.stringify({ kinds }) }))

function look(state: 'visible' | 'hidden'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  Source.all = []
  asked = 0
  const scope = effectScope()
  scope.run(() => useLive(() => asked++))
  close = () => scope.stop()
})
afterEach(() => {
  close()
  vi.useRealTimers()
})

it('asks once for a row of changes, well within two seconds', () => {
  Source.all[0]!.open()
  for (let i = 0; i < 5; i++) tell('task.outcome')
  vi.advanceTimersByTime(1000)
  expect([Source.all[0]!.url, asked]).toEqual(['/live', 1])
})

it.each([
  'task.undone',
  'tasks.reassigned',
  'staff.nudged',
  'segments.refreshed',
  'import.ended',
  'orders.recorded',
  '*',
])('asks again after %s', (kind) => {
  tell('customer.noted', kind)
  vi.advanceTimersByTime(1000)
  expect(asked).toBe(1)
})

it('leaves in peace what the board does not show, and asks after words that it does not know', () => {
  tell('customer.noted', 'session.opened', 'import.started', 'inbox.read', 'push.tested')
  vi.advanceTimersByTime(1000)
  expect(asked).toBe(0)
  Source.all[0]!.dispatchEvent(new MessageEvent('changed', { data: 'what' }))
  vi.advanceTimersByTime(1000)
  expect(asked).toBe(1)
})

it('asks every 20 seconds while it cannot listen, tries again, and asks once when it can', () => {
  Source.all[0]!.fail()
  vi.advanceTimersByTime(40_000)
  expect(asked).toBe(2)
  const now = Source.all.at(-1)!
  now.open()
  vi.advanceTimersByTime(60_000)
  expect([asked, Source.all.length > 1]).toEqual([3, true])
})

it('closes when nobody looks, and asks when somebody does again', () => {
  Source.all[0]!.open()
  look('hidden')
  expect(Source.all[0]!.readyState).toBe(2)
  look('visible')
  Source.all.at(-1)!.open()
  vi.advanceTimersByTime(1000)
  expect([asked, Source.all.length]).toEqual([1, 2])
})
