import { beforeAll, expect, it } from 'vitest'
import { typedOver, valuesOf, valuesOfInput } from './filling.ts'
import { EMPTY, troubles } from './form.ts'
import { newChild, unfit } from './party.ts'
import { changes, createInput } from './sending.ts'
import { customer } from '../../../testing/make.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'

beforeAll(() => loadWords(words.form))

const now = new Date('2026-11-19T04:00:00Z')

it('a new customer needs a whole phone number, an edit only if one is typed', () => {
  expect(troubles({ ...EMPTY }, true, now).phone).toContain('要有手机号')
  expect(troubles({ ...EMPTY, phone: '138 1234' }, true, now).phone).toContain('11 位')
  expect(troubles({ ...EMPTY, phone: '138 1234 2047' }, true, now)).toEqual({})
  expect(troubles({ ...EMPTY, phone: '+85291234567' }, true, now)).toEqual({})
  expect(troubles({ ...EMPTY }, false, now)).toEqual({})
})

it('a birthday lies in the past', () => {
  expect(troubles({ ...EMPTY, birthday: '2027-03-12' }, false, now).birthday).toBeTruthy()
  expect(troubles({ ...EMPTY, birthday: '1993-03-12' }, false, now)).toEqual({})
})

it('what is empty is not sent for a new customer', () => {
  expect(createInput({ ...EMPTY, phone: '138 1234 2047', name: ' 周 ' })).toEqual({
    phone: '13812342047',
    name: '周',
    gender: 'UNKNOWN',
    source: 'WALK_IN',
  })
})

it('who comes with her is sent as far as something is said, and fills the form again', () => {
  const born = { ...newChild(), name: ' 小满 ', day: '2026-05-01' }
  const due = { ...newChild(), kind: 'due' as const, gender: 'MALE' as const, day: '2026-12-24' }
  const party = {
    children: [born, newChild(), due],
    referrer: { id: '0190a000-0000-7000-8000-000000000001', name: '周' },
  }
  const input = createInput({ ...EMPTY, phone: '138 1234 2047', party })
  expect(input.children).toEqual([
    { id: born.id, name: '小满', gender: 'UNKNOWN', bornOn: '2026-05-01' },
    { id: due.id, name: null, gender: 'MALE', dueOn: '2026-12-24' },
  ])
  const again = valuesOfInput({ ...input, id: 'x' }, '周').party!
  expect(again).toMatchObject({
    children: [{ name: '小满', day: '2026-05-01' }, { kind: 'due' }],
    referrer: party.referrer,
  })
  expect(createInput({ ...EMPTY, phone: '138 1234 2047', party: again })).toEqual(input)
  expect(unfit(party)).toBe(false)
  expect(unfit({ ...party, children: [{ ...newChild(), name: '小满' }] })).toBe(true)
})

it('an edit sends only what changed, an emptied field as null', () => {
  const before = valuesOf(customer('a', { note: '推车' }))
  expect(changes({ ...before, level: '金卡', note: '' }, before)).toEqual({ level: '金卡', note: null })
  expect(changes({ ...before }, before)).toEqual({})
})

it('a waiting write fills the form again', () => {
  expect(valuesOfInput({ id: 'x', phone: '13812342047', name: '周' })).toMatchObject({
    phone: '138 1234 2047',
    name: '周',
    alias: '',
  })
})

it('a draft brings back what was typed, and no field that a colleague changed since', () => {
  const before = valuesOf(customer('a', { level: '银卡', note: '推车' }))
  const now = { ...before, level: '金卡' }
  expect(typedOver(now, { ...before, note: '奶粉' }, before)).toEqual({ ...now, note: '奶粉' })
})
