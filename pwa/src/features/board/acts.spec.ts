import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { boardCard, boardRow } from '../../../testing/board.ts'
import { person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { flusher, reload } from '@/shared/graphql/outbox.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { entriesOf } from '@/shared/offline/outbox.ts'
import { toast } from '@/shared/ui/toast.ts'
import { absent, give, nudge, rescue } from './acts.ts'

const now = new Date('2026-11-19T06:00:00Z')
const seen = { lastSeenAt: '2026-11-19T05:00:00Z' }
const cards = [boardCard('a', 'wang'), boardCard('b', 'wang'), boardCard('c', 'zhao')].map((card) => ({
  ...card,
  pending: false,
}))
let server: FakeServer

beforeAll(() =>
  loadWords({
    'zh-CN': () => import('@/shared/lib/messages/zh/managers.ts'),
    en: () => import('@/shared/lib/messages/en/managers.ts'),
  }),
)

beforeEach(async () => {
  server = new FakeServer()
  await adopt(person('lin'))
  await reload()
})

describe('the one thing to do', () => {
  it('gives the late cards of who is away to who is here with the least to do', () => {
    const busy = boardRow('zhao', 1, seen)
    const free = boardRow('xu', 0, seen)
    const found = rescue({ rows: [boardRow('wang', 2), busy, free], cards }, now)
    expect([found?.from.staff?.id, found?.to.id, found?.cards]).toEqual(['wang', 'xu', ['a', 'b']])
  })

  it('is nothing where nobody is away, and never the manager herself', () => {
    expect(rescue({ rows: [boardRow('wang', 2, seen), boardRow('xu', 0, seen)], cards }, now)).toBeNull()
    expect(rescue({ rows: [boardRow('wang', 2), boardRow('lin', 0, seen)], cards }, now)).toBeNull()
  })
})

it('who is away is told by the midnight of her own store', () => {
  const late = new Date('2026-11-19T17:00:00Z') // the 20th in Shanghai, the 19th in London
  const at = (timezone: string) => boardRow('wang', 1, { ...seen, store: { id: 's', name: '滨江店', timezone } })
  expect([absent(at('Asia/Shanghai'), late), absent(at('Europe/London'), late)]).toEqual([true, false])
})

describe('acts', () => {
  it('go in parts where there are more than the server moves at once, and come back together', async () => {
    server.when(() => 'down')
    const many = Array.from({ length: 401 }, (_, i) => `card-${i}`)
    await give(many, { id: 'xu', name: '许文静' })
    const parts = (await entriesOf('lin')).map((entry) => entry.input.taskIds as string[])
    expect([parts.map((part) => part.length), parts.flat()]).toEqual([[200, 200, 1], many])
    expect(toast.value?.text).toBe('401 位转给许文静')
    toast.value?.run?.()
    const standing = async () => {
      const kept = await entriesOf('lin')
      const undone = new Set(kept.map((entry) => entry.after))
      return kept.filter((entry) => entry.op === 'ReassignTasks' && !undone.has(entry.id))
    }
    await expect.poll(standing).toEqual([])
  })

  it('can be taken back while nobody knows whether they arrived', async () => {
    server.when(() => 'down')
    await give(['a'], { id: 'xu', name: '许文静' })
    expect(toast.value?.text).toBe('1 位转给许文静')
    const state = async () => (await entriesOf('lin')).map(({ attempts, state }) => `${attempts} ${state}`)[0]
    void flusher.poke()
    await expect.poll(state).toMatch(/^[1-9]\d* pending/)
    toast.value?.run?.()
    const kept = async () => (await entriesOf('lin')).map((entry) => entry.op)
    await expect.poll(kept).toEqual(['ReassignTasks', 'UndoReassign'])
    const [gave, undo] = await entriesOf('lin')
    expect(undo?.after).toBe(gave?.id)
  })

  it('are kept before they are sent; a nudge only for as long as it is true', async () => {
    server.when(() => 'down')
    await nudge(boardRow('wang', 2))
    const [entry] = (await entriesOf('lin')).slice(-1)
    expect([entry?.op, (entry?.until ?? 0) > Date.now()]).toEqual(['NudgeStaff', true])
  })
})
