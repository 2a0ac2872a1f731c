import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeServer, refusal } from '../../../testing/server.ts'
import { db } from './db.ts'
import { flush } from './flush.ts'
import { retry } from './mend.ts'
import { enqueue, entriesOf, type Write } from './outbox.ts'

const author = { staff: 'lin', locale: 'zh-CN' }
let server: FakeServer

function act(op: string, entity: string, more: Partial<Write> = {}): Write {
  return { op, document: `mutation ${op}`, input: { staffId: entity }, entity, about: op, ...more }
}
const states = async () => (await entriesOf('lin')).map((entry) => `${entry.op} ${entry.state}`)

beforeEach(async () => {
  server = new FakeServer()
  await (await db()).put('meta', 'lin', 'staff')
})

describe('a write the server has had too many of', () => {
  it('waits alone: others go past it', async () => {
    await enqueue(act('RevealPhone', 'a'), author)
    await enqueue(act('AddNote', 'b'), author)
    server.when(({ op }) => (op === 'RevealPhone' ? refusal('revealPhone', 'TOO_MANY') : undefined))
    expect((await flush()).state).toBe('later')
    expect(await states()).toEqual(['RevealPhone pending', 'AddNote sent'])
  })

  it('is refused for good where later is too late', async () => {
    await enqueue(act('NudgeStaff', 'a', { until: Date.now() + 60_000 }), author)
    server.when(() => refusal('nudgeStaff', 'TOO_MANY'))
    expect((await flush()).state).toBe('done')
    expect(await states()).toEqual(['NudgeStaff rejected'])
  })
})

describe('a write whose time is over', () => {
  it('is not sent any more, and may be tried again by hand', async () => {
    const entry = await enqueue(act('NudgeStaff', 'a', { until: Date.now() - 1 }), author)
    await flush()
    expect([server.asked.length, await states()]).toEqual([0, ['NudgeStaff rejected']])
    vi.setSystemTime(entry.createdAt + 100_000)
    await (await db()).put('outbox', { ...(await entriesOf('lin'))[0]!, until: entry.createdAt + 600_000 })
    await retry(entry.id)
    await flush()
    expect(await states()).toEqual(['NudgeStaff sent'])
    vi.useRealTimers()
  })
})

describe('taking back what only the server can name', () => {
  const give = () => enqueue(act('ReassignTasks', 'board', { keep: 'reassignmentId' }), author)
  const undo = (after: string) =>
    enqueue(act('UndoReassign', 'board', { input: { reassignmentId: '' }, after, keep: 'reassignmentId' }), author)

  it('sends the name that the first answer gave', async () => {
    server.when(({ op }) =>
      op === 'ReassignTasks'
        ? { json: { data: { reassignTasks: { reassignmentId: 'R1', userErrors: [] } } } }
        : undefined,
    )
    await undo((await give()).id)
    await flush()
    expect(server.asked.map(({ op, input }) => `${op} ${String(input.reassignmentId)}`)).toEqual([
      'ReassignTasks undefined',
      'UndoReassign R1',
    ])
  })

  it('sends nothing where nothing was done', async () => {
    server.when(() => refusal('reassignTasks', 'NOT_FOUND'))
    await undo((await give()).id)
    await flush()
    expect(server.asked.map(({ op }) => op)).toEqual(['ReassignTasks'])
    expect(await states()).toEqual(['ReassignTasks rejected', 'UndoReassign sent'])
  })
})
