import { expect, test } from 'vitest'
import type { HistoryDay } from './operations.ts'
import { drawn, ends, pointsOf } from './trend.ts'

const days = (...averages: (number | null)[]) =>
  averages.map((average, n) => ({ date: `2026-11-0${n + 1}`, counts: { average } })) as HistoryDay[]

test('two days are the least that make a line, and days of nobody are none', () => {
  expect(drawn(pointsOf(days(60, null)))).toBeNull()
  expect(drawn(pointsOf(days()))).toBeNull()
  expect(pointsOf(days(60, null, 62)).map((point) => point.date)).toEqual(['2026-11-01', '2026-11-03'])
})

test('days keep their distance, and the last one stands at the end', () => {
  const picture = drawn(pointsOf(days(60, 62, null, null, 68)))!
  expect(picture.line).toBe('M0.0,66.7L75.0,53.3L300.0,13.3')
  expect(picture.area.startsWith(picture.line)).toBe(true)
  expect(picture.last).toEqual({ left: 100, top: expect.closeTo(13.3, 1) })
})

test('what hardly moves looks flat, and nothing leaves 0 to 100', () => {
  const flat = drawn(pointsOf(days(60, 60.4)))!.marks.map((mark) => mark.value)
  expect(flat[0]! - flat[2]!).toBeGreaterThanOrEqual(10)
  expect(drawn(pointsOf(days(100, 100)))!.marks.map((mark) => mark.value)).toEqual([100, 95, 90])
  expect(drawn(pointsOf(days(0, 0)))!.marks.map((mark) => mark.value)).toEqual([10, 5, 0])
})

test('it is said from its first day to its last, with what lay between', () => {
  const said = ends(pointsOf(days(60, 71.5, 58, 66)))
  expect([said.from.value, said.to.value, said.low, said.high]).toEqual([60, 66, 58, 71.5])
})
