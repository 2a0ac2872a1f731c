import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeServer, refusal } from '../../../testing/server.ts'
import { db, type Entry } from './db.ts'
import { exclusively, flush } from './flush.ts'
import { discard, redirect, retry } from './mend.ts'
import { claim, enqueue, entriesOf, withdraw, type Write } from './outbox.ts'
import { readDraft, writeDraft } from './snapshots.ts'

const author = { staff: 'lin', locale: 'zh-CN' }
let server: FakeServer

function note(customer: string, text: string): Write {
  return {
    op: 'AddNote',
    document: 'mutation AddNote',
    input: { customerId: customer, text },
    entity: `Customer:${customer}`,
    about: text,
  }
}

function create(customer: string): Write {
  const input = { id: customer, phone: '13812342047' }
  return { op: 'CreateCustomer', document: 'm', input, entity: `Customer:${customer}`, creates: true, about: customer }
}

async function states(): Promise<string[]> {
  return (await entriesOf('lin')).map((entry) => `${entry.about} ${entry.state}`)
}

beforeEach(async () => {
  server = new FakeServer()
  await (await db()).put('meta', 'lin', 'staff')
})

describe('a write', () => {
  it('is on the device before anything is sent', async () => {
    const entry = await enqueue(note('a', 'one'), author)
    expect(server.asked).toEqual([])
    expect(await (await db()).get('outbox', entry.id)).toMatchObject({ state: 'pending', staff: 'lin' })
  })

  it('is sent with its own id as operationId and kept for older snapshots without the phone number', async () => {
    const entry = await enqueue(create('a'), author)
    expect(await flush()).toEqual({ state: 'done', sent: 1 })
    expect(server.asked[0]!.input).toMatchObject({ operationId: entry.id, phone: '13812342047' })
    const kept = (await entriesOf('lin'))[0]!
    expect(kept).toMatchObject({ state: 'sent', input: { phone: '138 •••• 2047' } })
    expect(kept.sentAt).toBeGreaterThanOrEqual(kept.createdAt)
  })

  it('goes out in the order it was made, one flusher at a time, each once', async () => {
    for (const text of ['1', '2', '3', '4']) await enqueue(note('a', text), author)
    await Promise.all([flush(), flush(), flush()])
    expect(server.asked.map((asked) => asked.input.text)).toEqual(['1', '2', '3', '4'])
  })

  it('that is held back is not sent before its time, nor what follows it, and can be taken back', async () => {
    const held = await enqueue({ ...note('a', '1'), hold: Date.now() + 60_000 }, author)
    await enqueue(note('a', '2'), author)
    await enqueue(note('b', '3'), author)
    await flush()
    expect(server.asked.map((asked) => asked.input.text)).toEqual(['3'])
    expect(await withdraw([held.id])).toBe(true)
    await enqueue({ ...note('b', '4'), hold: Date.now() - 1 }, author)
    await flush()
    expect(server.asked.map((asked) => asked.input.text)).toEqual(['3', '2', '4'])
  })

  it('made while a flush runs is sent by the same flush', async () => {
    await enqueue(note('a', '1'), author)
    let added = false
    server.when(() => {
      if (!added) void enqueue(note('a', '2'), author)
      added = true
      return undefined
    })
    await flush()
    expect(await states()).toEqual(['1 sent', '2 sent'])
  })

  it('of somebody who is not signed in stays', async () => {
    await enqueue(note('a', '1'), { staff: 'wang', locale: 'en' })
    expect(await flush()).toEqual({ state: 'done', sent: 0 })
    expect(server.asked).toEqual([])
  })
})

describe('when the server cannot take it', () => {
  it('a dead connection stops the row and keeps everything', async () => {
    await enqueue(note('a', '1'), author)
    await enqueue(note('b', '2'), author)
    server.when(() => 'down')
    expect((await flush()).state).toBe('later')
    expect(server.asked).toHaveLength(1)
    expect(await states()).toEqual(['1 pending', '2 pending'])
  })

  it('a lost answer is asked again under the same id and applied once', async () => {
    const entry = await enqueue(note('a', '1'), author)
    let lost = false
    server.when(() => (lost ? undefined : ((lost = true), 'lost')))
    await flush()
    await flush()
    expect(server.asked.map((asked) => asked.input.operationId)).toEqual([entry.id, entry.id])
    expect(server.applied.size).toBe(1)
    expect(await states()).toEqual(['1 sent'])
  })

  it.each([500, 502, 503, 429, 403])('status %i means later', async (status) => {
    await enqueue(note('a', '1'), author)
    server.when(() => ({ status, headers: { 'retry-after': '7' } }))
    expect(await flush()).toMatchObject({ state: 'later', retryAfter: 7000 })
    expect(await states()).toEqual(['1 pending'])
  })

  it('a page of somebody else with status 200 means later', async () => {
    await enqueue(note('a', '1'), author)
    server.when(() => ({ json: 'please sign in to this network' }))
    expect((await flush()).state).toBe('later')
  })

  it('401 keeps the write and asks to sign in', async () => {
    await enqueue(note('a', '1'), author)
    server.when(() => ({ status: 401 }))
    expect((await flush()).state).toBe('sign-in')
    expect(await states()).toEqual(['1 pending'])
  })

  it('one write in trouble again and again no longer holds up other customers', async () => {
    await enqueue(note('a', 'bad'), author)
    await enqueue(note('a', 'behind'), author)
    await enqueue(note('b', 'good'), author)
    server.when((asked) => (asked.input.text === 'bad' ? { status: 500 } : undefined))
    for (let i = 0; i < 5; i++) await flush()
    expect(await states()).toEqual(['bad pending', 'behind pending', 'good sent'])
  })

  it('what a killed page left half sent is sent by the next one', async () => {
    const entry = await enqueue(note('a', '1'), author)
    await claim(entry.id)
    await flush()
    expect(await states()).toEqual(['1 sent'])
  })
})

describe('when the server refuses it', () => {
  beforeEach(async () => {
    await enqueue(note('a', 'first'), author)
    await enqueue(create('b'), author)
    await enqueue(note('b', 'parked'), author)
    await enqueue(note('c', 'last'), author)
    server.when((asked) =>
      asked.op === 'CreateCustomer' ? refusal('createCustomer', 'TAKEN', { existing: { id: 'x' } }) : undefined,
    )
    await flush()
  })

  async function refused(): Promise<Entry> {
    return (await entriesOf('lin')).find((entry) => entry.state === 'rejected')!
  }

  it('it stays with its reason, what depends on it waits, the rest goes on', async () => {
    expect(await states()).toEqual(['first sent', 'b rejected', 'parked pending', 'last sent'])
    expect(await refused()).toMatchObject({ reasons: [{ code: 'TAKEN' }], answer: { existing: { id: 'x' } } })
  })

  it('sent again it keeps its place before what depends on it', async () => {
    server.reset()
    await retry((await refused()).id)
    await flush()
    expect(server.asked.slice(-2).map((asked) => asked.op)).toEqual(['CreateCustomer', 'AddNote'])
    expect(await states()).toEqual(['first sent', 'b sent', 'parked sent', 'last sent'])
  })

  it('thrown away it takes along what depends on it', async () => {
    expect(await discard((await refused()).id)).toBe(2)
    expect(await states()).toEqual(['first sent', 'last sent'])
  })

  it('what depends on it can be given to the customer who was there already', async () => {
    await redirect((await refused()).id, 'Customer:x', 'gid-x')
    await flush()
    expect(server.asked.at(-1)!.input).toMatchObject({ customerId: 'gid-x', text: 'parked' })
  })
})

describe('taking back', () => {
  it('removes what was never sent, without asking the server', async () => {
    const entry = await enqueue(note('a', '1'), author)
    expect(await withdraw([entry.id])).toBe(true)
    await flush()
    expect(server.asked).toEqual([])
  })

  it('removes what was only tried without any network', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    const entry = await enqueue(note('a', '1'), author)
    server.when(() => 'down')
    await flush()
    vi.unstubAllGlobals()
    expect(await withdraw([entry.id])).toBe(true)
  })

  it('says so when the network went only after the request', async () => {
    const entry = await enqueue(note('a', '1'), author)
    server.when(() => (vi.stubGlobal('navigator', { onLine: false }), 'lost'))
    await flush()
    vi.unstubAllGlobals()
    expect(server.applied.size).toBe(1)
    expect(await withdraw([entry.id])).toBe(false)
    expect(await states()).toEqual(['1 pending'])
  })

  it('says so when the server may have it', async () => {
    const entry = await enqueue(note('a', '1'), author)
    server.when(() => 'lost')
    await flush()
    expect(await withdraw([entry.id])).toBe(false)
    expect(await states()).toEqual(['1 pending'])
  })

  it('an amended write takes the place of the one that was never sent', async () => {
    const first = await enqueue(note('a', 'short'), author)
    await enqueue(note('b', 'other'), author)
    await enqueue(note('a', 'longer'), author, { replaces: [first.id] })
    await flush()
    expect(server.asked.map((asked) => asked.input.text)).toEqual(['longer', 'other'])
  })
})

it('a write takes the draft it was typed in along, in one step', async () => {
  await writeDraft('lin', 'note:a', 'typed')
  await writeDraft('lin', 'note:b', 'other words')
  await enqueue(note('a', 'typed'), author, { draft: 'note:a' })
  expect(await readDraft('lin', 'note:a')).toBeNull()
  expect(await readDraft('lin', 'note:b')).toBe('other words')
})

it('changing the person waits for the flush that runs', async () => {
  const order: string[] = []
  await enqueue(note('a', '1'), author)
  server.when(() => (order.push('sent'), undefined))
  const running = flush()
  await exclusively(async () => void order.push('changed'))
  await running
  expect(order).toEqual(['sent', 'changed'])
})
