import { effectScope } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { importJob as job } from '../../../testing/imports.ts'
import { person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { moves, part, POLL, useImports } from './imports.ts'
import type { Job } from './operations.ts'

const counts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, duplicates: 0 }

describe('how far an import is', () => {
  it('cannot be said before its rows are counted', () => {
    expect([part(job()), part(job({ rowsTotal: 10 }))]).toEqual([null, null])
  })

  it('is its rows with a verdict, and all of it once it is over', () => {
    expect(part(job({ rowsTotal: 10, counts: { ...counts, read: 4 } }))).toBe(0.4)
    expect(part(job({ state: 'DONE' }))).toBe(1)
    expect(moves(job({ state: 'CANCELLED' }))).toBe(false)
  })
})

describe('the list', () => {
  let server: FakeServer
  let states: Job['state'][]

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    server = new FakeServer()
    await adopt(person('lin'))
    server.when(({ op }) => {
      if (op !== 'ImportJobs') return undefined
      return { json: { data: { importJobs: { edges: [{ node: job({ state: states.shift() ?? 'DONE' }) }] } } } }
    })
    return () => vi.useRealTimers()
  })

  const asked = () => server.asked.filter((one) => one.op === 'ImportJobs').length

  it('is asked for every second while something moves, and no more after that', async () => {
    states = ['WAITING', 'RUNNING', 'DONE']
    const scope = effectScope()
    const { jobs } = scope.run(() => useImports())!
    for (const n of [1, 2, 3]) {
      await vi.waitFor(() => expect(asked()).toBe(n))
      await vi.waitFor(() => expect(jobs.value).not.toBeNull())
      await vi.advanceTimersByTimeAsync(POLL)
    }
    await vi.advanceTimersByTimeAsync(10 * POLL)
    expect([asked(), jobs.value?.[0]?.state]).toEqual([3, 'DONE'])
    scope.stop()
  })

  it('is left alone once the page is gone', async () => {
    states = ['RUNNING', 'RUNNING', 'RUNNING']
    const scope = effectScope()
    scope.run(() => useImports())
    await vi.waitFor(() => expect(asked()).toBe(1))
    scope.stop()
    await vi.advanceTimersByTimeAsync(10 * POLL)
    expect(asked()).toBe(1)
  })
})
