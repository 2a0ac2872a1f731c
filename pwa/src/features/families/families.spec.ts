import { beforeAll, expect, it } from 'vitest'
import { loadLocale } from '@/shared/lib/i18n.ts'
import { setZone } from '@/shared/lib/dates.ts'
import { globalId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { addMonths, ageOn, ageWords } from './age.ts'
import { overlaidChildren } from './children.ts'
import { EMPTY, fits } from './fields.ts'
import type { Child } from './operations.ts'

const MOTHER = '0190a000-0000-7000-8000-000000000001'
const KEY = '0190a000-0000-7000-8000-000000000002'
const child: Child = {
  id: globalId('Dependant', KEY),
  name: '小满',
  gender: 'UNKNOWN',
  bornOn: null,
  dueOn: '2026-12-24',
  stoppedAt: null,
  version: 1,
  stage: { label: '孕期' },
  nextMilestone: null,
  values: [{ key: 'feeding', content: ['breast'], text: '母乳' }],
}

beforeAll(async () => {
  setZone('Asia/Shanghai')
  await loadLocale('zh-CN')
})

function entry(op: string, input: Record<string, unknown>, more: Partial<Entry> = {}): Entry {
  return {
    ...{ id: op, order: op, op, document: '', input, entity: `Customer:${MOTHER}`, creates: false, staff: 'lin' },
    ...{ locale: 'zh-CN', createdAt: Date.parse('2026-12-20T04:00:00Z'), state: 'pending', attempts: 0, about: '' },
    ...more,
  } as Entry
}

it('months are the calendar’s: the 31st is the last day of a shorter month', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
  expect(addMonths('2026-01-31', 2)).toBe('2026-03-31')
  expect(ageOn('2026-01-31', '2026-02-28')).toEqual({ months: 1, days: 0 })
  expect(ageOn('2026-01-31', '2026-03-01')).toEqual({ months: 1, days: 1 })
})

it('an age is said as a mother says it', () => {
  const said = (bornOn: string, today: string) => ageWords({ bornOn, dueOn: null }, today)
  expect(said('2026-11-22', '2026-11-22')).toBe('今天出生')
  expect(said('2026-11-10', '2026-11-22')).toBe('12 天')
  expect(said('2026-08-10', '2026-11-22')).toBe('3 个月 12 天')
  expect(said('2024-08-10', '2026-11-22')).toBe('2 岁 3 个月')
  expect(ageWords({ bornOn: null, dueOn: '2026-12-24' }, '2026-12-27')).toBe('预产期过了 3 天，出生了吗？')
})

it('writes of this device lie over the family, in their order', () => {
  const born = overlaidChildren([child], MOTHER, [entry('ConfirmBirth', { id: child.id })])
  expect(born[0]).toMatchObject({ bornOn: '2026-12-20', dueOn: null, stage: null, version: 2, pending: true })
  const stopped = overlaidChildren([child], MOTHER, [entry('StopMilestones', { id: child.id })])
  expect(stopped[0]?.stoppedAt).toBeTruthy()
  expect(overlaidChildren([child], MOTHER, [entry('RemoveDependant', { id: child.id })])).toEqual([])
  const refused = overlaidChildren([child], MOTHER, [entry('RemoveDependant', { id: child.id }, { state: 'rejected' })])
  expect(refused).toHaveLength(1)
  const added = overlaidChildren([], MOTHER, [
    entry('AddDependant', { id: KEY, name: null, gender: 'MALE', bornOn: '2026-12-01', dueOn: null }),
    entry('UpdateDependant', { id: child.id, baseVersion: 1, name: '小树' }),
  ])
  expect(added).toMatchObject([{ id: child.id, name: '小树', bornOn: '2026-12-01', version: 2 }])
})

it('what is typed into head office’s fields lies over what is known, and children come with a new mother', () => {
  const values = [
    { key: 'feeding', content: ['formula'] },
    { key: 'allergy', content: [] },
  ]
  const edit = entry('UpdateDependant', { id: child.id, values }, { words: { feeding: '奶粉', allergy: '' } })
  expect(overlaidChildren([child], MOTHER, [edit])[0]?.values).toEqual([
    { key: 'feeding', content: ['formula'], text: '奶粉' },
  ])
  const family = entry('CreateCustomer', { id: MOTHER, children: [{ id: KEY, name: null, dueOn: '2026-12-24' }] })
  expect(overlaidChildren([], MOTHER, [family])).toMatchObject([{ id: child.id, dueOn: '2026-12-24', pending: true }])
  expect(overlaidChildren([child], MOTHER, [family])).toMatchObject([{ name: '小满', pending: false }])
})

it('a birth lies in the past and a due date ahead, but nobody mends what she did not touch', () => {
  const fields = { ...EMPTY, kind: 'born' as const }
  expect(fits({ ...fields, day: '2026-11-23' }, null, '2026-11-22')).toBe(false)
  expect(fits({ ...fields, kind: 'due', day: '2026-11-21' }, null, '2026-11-22')).toBe(false)
  expect(fits({ ...fields, kind: 'due', day: '2026-12-24' }, { ...child, pending: false }, '2027-01-02')).toBe(true)
  expect(fits(fields)).toBe(false)
})
