import { expect, it } from 'vitest'
import { dropped, groupDropped, moved, put } from './arranging.ts'
import { draftOf, inputOf, newField, rebased, replaced, same } from './editor.ts'
import type { Field, Whole } from './operations.ts'

const label = (text: string) => ({ zhCn: text, en: null })
function field(key: string, group: string, more: Partial<Field> = {}): Field {
  return {
    key,
    kind: 'TEXT',
    group,
    labels: label(key),
    helps: null,
    benefits: null,
    options: [],
    required: false,
    weight: 0,
    sensitivity: 'PERSONAL',
    subject: 'CUSTOMER',
    sees: null,
    edits: null,
    rules: [],
    searchable: false,
    archivedAt: null,
    builtIn: false,
    computed: false,
    needed: false,
    limitable: true,
    ...more,
  }
}
const whole: Whole = {
  version: 3,
  savedAt: null,
  savedBy: null,
  groups: [
    { key: 'a', titles: label('甲') },
    { key: 'b', titles: label('乙') },
  ],
  fields: [field('one', 'a'), field('old', 'a', { archivedAt: '2026-01-01' }), field('two', 'a'), field('three', 'b')],
}
const base = draftOf(whole)
const order = (draft: typeof base) => draft.map((group) => group.fields.map(({ id }) => id).join(' '))

it('a field goes up and down, over what is archived and into the next group', () => {
  expect(order(moved(base, 'one', 1))).toEqual(['old two one', 'three'])
  expect(order(moved(base, 'two', 1))).toEqual(['one old', 'two three'])
  expect(order(moved(base, 'three', -1))).toEqual(['one old two three', ''])
  expect(moved(base, 'one', -1)).toBe(base)
  expect(moved(base, 'three', 1)).toBe(base)
})

it('what was dragged stands where it was let go', () => {
  expect(order(dropped(base, 'three', 'a', 'two'))).toEqual(['one old three two', ''])
  expect(order(dropped(base, 'one', 'b', null))).toEqual(['old two', 'three one'])
  expect(order(dropped(base, 'two', 'a', 'one'))).toEqual(['two one old', 'three'])
  expect(dropped(base, 'gone', 'a', null)).toBe(base)
  expect(order(groupDropped(base, 'b', 'a'))).toEqual(['three', 'one old two'])
  expect(order(groupDropped(base, 'a', null))).toEqual(['three', 'one old two'])
})

it('is saved whole: a new group by its place, a new field without a key', () => {
  const community = { ...newField('x', 'TEXT'), labels: { zhCn: ' 居住社区 ', en: '' }, searchable: true }
  const draft = [...base, { id: 'g', key: null, titles: { zhCn: '丙', en: '' }, fields: [community] }]
  const input = inputOf(draft, 3)
  expect(input.groups[2]).toEqual({ key: null, titles: { zhCn: '丙', en: null } })
  expect(input.fields.at(-1)).toMatchObject({
    key: null,
    group: '#2',
    labels: { zhCn: '居住社区', en: null },
    searchable: true,
  })
  expect(input.fields.map(({ archived }) => archived)).toEqual([false, true, false, false, false])
})

it('what I did lies on top of what somebody saved meanwhile', () => {
  const theirs = draftOf({
    ...whole,
    version: 4,
    fields: [...whole.fields.map((one) => (one.key === 'two' ? { ...one, required: true } : one)), field('four', 'b')],
  })
  const mine = put(replaced(base, { ...base[0]!.fields[0]!, weight: 9 }), newField('x', 'DATE'), 'b')
  const merged = rebased(base, theirs, mine)
  expect(order(merged)).toEqual(['one old two', 'three x four'])
  expect(merged[0]!.fields.map(({ weight, required }) => [weight, required])).toEqual([
    [9, false],
    [0, false],
    [0, true],
  ])
  expect(same(rebased(base, theirs, base), theirs)).toBe(true)
})
