import { beforeEach, describe, expect, it } from 'vitest'
import { db } from './db.ts'
import { enqueue, setEntry } from './outbox.ts'
import { expireSnapshots, readDraft, readSnapshot, TTL, wipe, writeDraft, writeSnapshot } from './snapshots.ts'

beforeEach(async () => {
  await (await db()).put('meta', 'lin', 'staff')
})

it('an answer is kept for its person only, and for two weeks', async () => {
  await writeSnapshot('lin', 'today', { n: 1 }, 1000)
  expect((await readSnapshot('lin', 'today', 1000 + TTL - 1))?.data).toEqual({ n: 1 })
  expect(await readSnapshot('lin', 'today', 1000 + TTL)).toBeNull()
  expect(await readSnapshot('wang', 'today', 1000)).toBeNull()
})

it('an older answer that arrives late does not take the place of a younger one', async () => {
  await writeSnapshot('lin', 'today', 'young', 2000)
  await writeSnapshot('lin', 'today', 'old', 1000)
  expect((await readSnapshot('lin', 'today', 2000))?.data).toBe('young')
})

it('an answer that arrives after signing out is not kept', async () => {
  await (await db()).delete('meta', 'staff')
  await writeSnapshot('lin', 'today', 'late', 1000)
  expect(await readSnapshot('lin', 'today', 1000)).toBeNull()
})

it('what is too old goes', async () => {
  await writeSnapshot('lin', 'old', 1, 0)
  await writeSnapshot('lin', 'new', 1, TTL)
  await expireSnapshots(TTL + 1)
  expect((await (await db()).getAllKeys('snapshots')).map((key) => key[1])).toEqual(['new'])
})

const left = async () =>
  (await (await db()).getAll('outbox')).map((row) => `${row.staff} ${row.about} ${row.state}`).sort()

describe('of two people on one phone', () => {
  beforeEach(async () => {
    for (const staff of ['lin', 'wang']) {
      await (await db()).put('meta', staff, 'staff')
      await writeSnapshot(staff, 'today', 1, Date.now())
      await writeDraft(staff, 'note', 'half a sentence')
      await writeDraft(staff, 'customer:new', { values: { phone: '138 1234 2047' } })
      const author = { staff, locale: 'en' }
      for (const state of ['pending', 'rejected', 'sent'] as const) {
        const made = await enqueue({ op: 'AddNote', document: '', input: {}, entity: 'x', about: '周雨桐' }, author)
        await setEntry(made.id, { state })
      }
    }
  })

  it('a revoked one keeps only what the server does not have and her own half sentence', async () => {
    await wipe('lin', false)
    expect([await readSnapshot('lin', 'today'), await readDraft('lin', 'customer:new')]).toEqual([null, null])
    expect(await readDraft('lin', 'note')).toBe('half a sentence')
    expect((await left()).filter((row) => row.startsWith('lin'))).toEqual(['lin 周雨桐 pending', 'lin 周雨桐 rejected'])
  })

  it('one who signs out leaves nothing, and the other one loses nothing', async () => {
    await wipe('lin', true)
    expect(await readDraft('lin', 'note')).toBeNull()
    expect(await left()).toEqual(['wang 周雨桐 pending', 'wang 周雨桐 rejected', 'wang 周雨桐 sent'])
    expect(await readDraft('wang', 'note')).toBe('half a sentence')
  })
})
