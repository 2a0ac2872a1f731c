import { expect, it } from 'vitest'
import type { Result } from './flush.ts'
import { Flusher, pause } from './flusher.ts'

class FakeTimer {
  waits: { work: () => void; ms: number }[] = []
  set(work: () => void, ms: number): number {
    return this.waits.push({ work, ms })
  }
  clear(): void {}
}

const LATER: Result = { state: 'later', sent: 0 }
const DONE: Result = { state: 'done', sent: 1 }

it('pauses longer each time it fails, up to a minute, and never less than half of that', () => {
  expect([0, 1, 2, 9].map((n) => pause(n, () => 0))).toEqual([1000, 2000, 4000, 60_000])
  expect(pause(9, () => 1)).toBe(30_000)
})

it('tries again by itself after a failure, whatever the browser says about being online', async () => {
  const timer = new FakeTimer()
  const results = [LATER, LATER, DONE]
  const flusher = new Flusher(undefined, async () => results.shift()!, timer)
  await flusher.poke()
  expect(timer.waits).toHaveLength(1)
  await flusher.poke()
  expect(timer.waits[1]!.ms).toBeGreaterThanOrEqual(1000)
  await flusher.poke()
  expect(timer.waits).toHaveLength(2)
})

it('waits as long as the server asks', async () => {
  const timer = new FakeTimer()
  await new Flusher(undefined, async () => ({ ...LATER, retryAfter: 9000 }), timer).poke()
  expect(timer.waits[0]!.ms).toBe(9000)
})

it('poked while running it runs once more', async () => {
  let runs = 0
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  const flusher = new Flusher(undefined, async () => (runs++, await gate, DONE), new FakeTimer())
  const first = flusher.poke()
  await flusher.poke()
  release()
  await first
  expect(runs).toBe(2)
})

it('a failing store is tried again too', async () => {
  const timer = new FakeTimer()
  const seen: Result[] = []
  await new Flusher(
    (result) => seen.push(result),
    () => Promise.reject(new Error('quota')),
    timer,
  ).poke()
  expect(seen[0]!.state).toBe('later')
  expect(timer.waits).toHaveLength(1)
})
