import { beforeEach, expect, it } from 'vitest'
import { db } from './db.ts'
import { enqueue } from './outbox.ts'
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

it('a revoked session loses what was read, signing out loses everything of hers and nothing of others', async () => {
  for (const staff of ['lin', 'wang']) {
    await (await db()).put('meta', staff, 'staff')
    await writeSnapshot(staff, 'today', 1, Date.now())
    await writeDraft(staff, 'note', 'half a sentence')
    await enqueue({ op: 'AddNote', document: '', input: {}, entity: 'x', about: '' }, { staff, locale: 'en' })
  }
  await wipe('lin', false)
  expect([await readSnapshot('lin', 'today'), await readDraft('lin', 'note')]).toEqual([null, 'half a sentence'])
  await wipe('lin', true)
  expect(await readDraft('lin', 'note')).toBeNull()
  expect((await (await db()).getAll('outbox')).map((row) => row.staff)).toEqual(['wang'])
  expect(await readDraft('wang', 'note')).toBe('half a sentence')
})
