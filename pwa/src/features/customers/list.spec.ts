import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { customer, person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { TTL } from '@/shared/offline/snapshots.ts'
import { type Filter, useCustomers, withKnown } from './list.ts'

const row = (id: string) => customer(id)
const rows = (...ids: string[]) => ids.map(row)
const page = (...ids: string[]) => ({ rows: rows(...ids), end: 'x' })
const ids = (kept: { rows: { id: string }[] } | undefined) => kept?.rows.map((one) => one.id)

describe('what is kept of a list', () => {
  it('is the page and, once each and in order, what was seen after it', () => {
    const kept = withKnown(page('a', 'b'), { ...page('b', 'c'), more: { rows: rows('e', 'a'), at: 5 } }, rows('d'), 10)
    expect([ids(kept), ids(kept.more), kept.more?.at]).toEqual([['a', 'b'], ['c', 'd', 'e'], 5])
  })

  it('is three hundred rows at most', () => {
    const many = rows(...Array.from({ length: 400 }, (_, i) => `m${i}`))
    expect(withKnown(page('a'), null, many).more?.rows.length).toBe(299)
  })

  it('loses what nobody asked the server about for two weeks', () => {
    const old = { ...page('a'), more: { rows: rows('gone'), at: 0 } }
    expect(ids(withKnown(page('a'), old, [], TTL).more)).toEqual([])
  })
})

describe('the list', () => {
  const filter = ref<Filter>({ search: '', mine: true, cell: null })
  let server: FakeServer

  function open() {
    const scope = effectScope()
    return { list: scope.run(() => useCustomers(filter))!, close: () => scope.stop() }
  }
  const shown = (list: ReturnType<typeof useCustomers>) => list.rows.value?.map((one) => one.id)

  beforeEach(async () => {
    server = new FakeServer()
    await adopt(person('lin'))
    server.when(({ variables }) => {
      const second = variables.after !== null
      const edges = (second ? rows('c', 'd') : rows('a', 'b')).map((node) => ({ node }))
      const pageInfo = { hasNextPage: !second, endCursor: 'b' }
      return { json: { data: { customers: { edges, pageInfo } } } }
    })
  })

  it('shows without a connection every page she has seen', async () => {
    const first = open()
    await vi.waitFor(() => expect(shown(first.list)).toEqual(['a', 'b']))
    await first.list.loadMore()
    expect(shown(first.list)).toEqual(['a', 'b', 'c', 'd'])
    first.close()

    const again = open()
    await vi.waitFor(() => expect(again.list.loading.value).toBe(false))
    expect(shown(again.list)).toEqual(['a', 'b'])
    again.close()

    server.when(() => 'down')
    const offline = open()
    await vi.waitFor(() => expect(offline.list.trouble.value).toBe('unreachable'))
    expect(shown(offline.list)).toEqual(['a', 'b', 'c', 'd'])
    filter.value = { ...filter.value, search: '周' }
    await flushPromises()
    await vi.waitFor(() => expect(shown(offline.list)).toEqual(['a', 'b', 'c', 'd']))
    offline.close()
  })
})
