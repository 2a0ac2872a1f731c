import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { boardCard } from '../../../testing/board.ts'
import { person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { useCards } from './board.ts'
import { type Behind, NO_REGION } from './scope.ts'

const late: Behind = { state: 'LATE', region: null, store: null, staff: null, pool: false, reason: null }
let server: FakeServer
let all: string[]

function open(behind: Behind) {
  const scope = effectScope()
  const list = scope.run(() =>
    useCards(
      () => behind,
      () => 'TODAY',
    ),
  )!
  return { list, shown: () => list.cards.value?.map((card) => card.id) ?? [], close: () => scope.stop() }
}

beforeEach(async () => {
  server = new FakeServer()
  all = Array.from({ length: 290 }, (_, i) => `card-${i}`)
  await adopt(person('lin'))
  server.when(({ variables: { first, after } }) => {
    const from = after === null ? 0 : all.indexOf(after as string) + 1
    const some = all.slice(from, from + (first as number))
    const edges = some.map((id) => ({ node: boardCard(id, 'wang') }))
    const pageInfo = { hasNextPage: from + some.length < all.length, endCursor: some.at(-1) ?? null }
    return { json: { data: { boardCards: { edges, pageInfo } } } }
  })
})

it('keeps all that was loaded when it asks again, and goes on behind it', async () => {
  const { list, shown, close } = open(late)
  await vi.waitFor(() => expect(shown()).toEqual(all.slice(0, 30)))
  await list.loadMore()
  expect(shown()).toEqual(all.slice(0, 130))
  all.splice(3, 1)
  await list.refresh()
  expect(shown()).toEqual(all.slice(0, 130))
  await list.loadMore()
  expect([list.more.value, shown()]).toEqual([true, all.slice(0, 230)])
  await list.loadMore()
  expect([list.more.value, shown()]).toEqual([false, all])
  expect(Math.max(...server.asked.map(({ variables }) => variables.first as number))).toBe(100)
  close()
})

it('shows what it had where more cannot be had', async () => {
  const { list, shown, close } = open({ ...late, pool: true })
  await vi.waitFor(() => expect(shown()).toEqual(all.slice(0, 30)))
  server.when(() => 'down')
  await list.loadMore()
  expect([shown(), list.more.value, list.busy.value]).toEqual([all.slice(0, 30), true, false])
  close()
})

it('asks for stores without a region, and for no region in particular', async () => {
  const asked = async (region: string | null) => {
    const { shown, close } = open({ ...late, region })
    await vi.waitFor(() => expect(shown().length).toBe(30))
    close()
    return server.asked.at(-1)!.variables
  }
  expect(await asked(NO_REGION)).toMatchObject({ regionId: null, noRegion: true })
  expect(await asked('UmVnaW9uOng=')).toMatchObject({ regionId: 'UmVnaW9uOng=', noRegion: false })
})
