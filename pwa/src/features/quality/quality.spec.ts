import { expect, test } from 'vitest'
import { FRESH, type Item, itemsOf, nextItem, putOff, settle, swiped, takeBack, waitingLater } from './deck.ts'
import { changeOf, earlier, trouble, wayOf } from './mend.ts'
import type { Field, ProblemCard } from './operations.ts'

const card = (id: string, ...codes: string[]) =>
  ({ customer: { id }, problems: codes.map((code) => ({ code })) }) as unknown as ProblemCard
const cards = [card('a', 'junk_phone', 'missing:area'), card('b', 'default_birthday'), card('c', 'junk_phone')]
const keys = (items: readonly Item[]) => items.map((item) => item.key)

test('every problem is a card of its own, in the order of the queue, or those of one kind', () => {
  expect(keys(itemsOf(cards, null))).toEqual(['a junk_phone', 'a missing:area', 'b default_birthday', 'c junk_phone'])
  expect(keys(itemsOf(cards, 'junk_phone'))).toEqual(['a junk_phone', 'c junk_phone'])
})

test('what is settled does not come again, what was put off comes last and only when asked for', () => {
  const items = itemsOf(cards, null)
  let deck = putOff(settle(FRESH, 'a junk_phone'), 'a missing:area')
  expect(nextItem(items, deck)?.key).toBe('b default_birthday')
  deck = settle(settle(deck, 'b default_birthday'), 'c junk_phone')
  expect([nextItem(items, deck), waitingLater(items, deck)]).toEqual([null, 1])
  expect(nextItem(items, deck, true)?.key).toBe('a missing:area')
  expect(nextItem(items, takeBack(deck, 'a junk_phone'))?.key).toBe('a junk_phone')
  expect(nextItem(items, takeBack(deck, 'a missing:area'))?.key).toBe('a missing:area')
  expect(nextItem(items, settle(deck, 'a missing:area'), true)).toBeNull()
})

test('a finger means what it went far and level enough for', () => {
  expect([swiped(-120, 10), swiped(120, -40)]).toEqual(['left', 'right'])
  expect([swiped(90, 0), swiped(100, 90), swiped(0, 300)]).toEqual([null, null, null])
})

test('the figure of a week ago is the first day that was kept, not today', () => {
  const now = new Date('2026-11-22T10:00:00Z')
  const day = (date: string, average: number | null) => ({ date, counts: { average } })
  expect(earlier([day('2026-11-15', null), day('2026-11-16', 61.4), day('2026-11-22', 70)], now)).toEqual({
    value: 61,
    n: 6,
  })
  expect(earlier([day('2026-11-22', 70)], now)).toBeNull()
})

const field = (said: Partial<Field>) => ({ mayEdit: true, builtIn: false, options: [], ...said }) as unknown as Field
const birthday = field({ key: 'birthday', kind: 'DATE', builtIn: true })
const phone = field({ key: 'phone', kind: 'PHONE', builtIn: true })
const area = field({ key: 'area', kind: 'TEXT' })

test('a field is typed as its kind wants it, or on her card', () => {
  expect([birthday, phone, area].map(wayOf)).toEqual(['date', 'phone', 'text'])
  const ways = [
    ['guide', 'STAFF', true],
    ['referrer', 'CUSTOMER', true],
    ['budget', 'MONEY', false],
    ['outlet', 'STORE', false],
    ['store', 'STORE', true],
  ] as const
  expect(ways.map(([key, kind, builtIn]) => wayOf(field({ key, kind, builtIn })))).toEqual([
    ...Array(4).fill('form'),
    'elsewhere',
  ])
  expect(wayOf(field({ key: 'area', kind: 'TEXT', mayEdit: false }))).toBe('locked')
  expect(wayOf(undefined)).toBe('elsewhere')
})

test('what is plainly wrong is said while typing, and empty is not wrong yet', () => {
  const now = new Date('2026-11-22T10:00:00Z')
  expect([trouble('phone', ['138']), trouble('date', ['2030-01-01'], now), trouble('number', ['x'])]).not.toContain(
    null,
  )
  expect([trouble('phone', ['138 6752 4047']), trouble('date', ['1990-03-08'], now), trouble('text', [''])]).toEqual(
    Array(3).fill(null),
  )
})

test('only the one field is sent, and emptied only when that was meant', () => {
  expect(changeOf(birthday, ['1990-03-08'])).toEqual({ birthDate: '1990-03-08' })
  expect(changeOf(birthday, [''])).toBeNull()
  expect(changeOf(birthday, [], true)).toEqual({ birthDate: null })
  expect(changeOf(phone, ['138 6752 4047'])).toEqual({ phone: '13867524047' })
  const [guide, friend] = ['guide', 'referrer'].map((key) => field({ key, builtIn: true }))
  expect(changeOf(guide!, ['U3RhZmY6'])).toEqual({ guideId: 'U3RhZmY6' })
  expect(changeOf(friend!, [], true)).toEqual({ referrerId: null })
  expect(changeOf(area, [' 阳光花园 '])).toEqual({ values: [{ key: 'area', content: ['阳光花园'] }] })
})
