import { describe, expect, it } from 'vitest'
import type { Entry } from '@/shared/offline/db.ts'
import { type Held, overlaid, wordsOf } from './held.ts'

const held = (tagId: string, group = 'taste'): Held => ({
  tagId,
  name: tagId,
  colour: 'SKY',
  kind: 'STATIC',
  group,
  setBy: 'STAFF',
  since: '2026-03-08T02:00:00Z',
  staff: 'Lin',
  score: null,
  reasons: [],
  expiresAt: null,
})
const entry = (op: string, tagId: string, more: Partial<Entry> = {}): Entry =>
  ({
    op,
    input: { tagId, customerIds: ['her'] },
    words: { name: tagId, colour: 'ROSE', group: 'taste', exclusive: 'yes' },
    state: 'pending',
    createdAt: Date.parse('2026-03-09T02:00:00Z'),
    ...more,
  }) as Entry
const ids = (tags: readonly Held[]) => tags.map(({ tagId }) => tagId)

describe('tags that are not sent yet', () => {
  it('stand beside the others, and in place of the other one of an exclusive group', () => {
    const shown = overlaid([held('sweet'), held('vip', 'others')], [entry('TagCustomers', 'salty')], 'Lin')
    expect(ids(shown)).toEqual(['vip', 'salty'])
    expect(shown[1]).toMatchObject({ name: 'salty', colour: 'ROSE', staff: 'Lin', since: '2026-03-09T02:00:00.000Z' })
  })
  it('go where they were taken away, in the order in which it was done', () => {
    const writes = [entry('TagCustomers', 'salty'), entry('UntagCustomers', 'salty'), entry('UntagCustomers', 'sweet')]
    expect(ids(overlaid([held('sweet')], writes, null))).toEqual([])
  })
  it('are not shown once they were refused, and no tag stands twice', () => {
    const writes = [entry('TagCustomers', 'salty', { state: 'rejected' }), entry('TagCustomers', 'sweet')]
    expect(overlaid([held('sweet')], writes, null)).toEqual([held('sweet')])
  })
  it('leave what is about something else alone', () => {
    expect(ids(overlaid([held('sweet')], [entry('AddNote', 'salty')], null))).toEqual(['sweet'])
  })
})

it('a write says of its tag what is needed to show it', () => {
  const tag = { id: 'a', name: 'VIP', colour: 'SKY', kind: 'STATIC' } as const
  const group = { id: 'g', name: 'value', exclusive: true, tags: [tag] }
  expect(wordsOf(tag, group)).toEqual({ name: 'VIP', colour: 'SKY', group: 'value', exclusive: 'yes' })
})
