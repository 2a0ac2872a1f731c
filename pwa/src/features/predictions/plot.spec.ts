import { expect, test } from 'vitest'
import { dots, example, line, percent } from './plot.ts'

const bins = [
  { said: 0.1, came: 0.2, customers: 25 },
  { said: 0.35, came: 0.4, customers: 100 },
  { said: 0.9, came: 1, customers: 1 },
]

test('what was said goes to the right, what came goes up, and more people are a larger dot', () => {
  const [low, , high] = dots(bins)
  expect(low).toEqual({ left: 10, top: 80, size: 9 })
  expect(high).toEqual({ left: 90, top: 0, size: 7 })
  expect(line(bins)).toBe('M10.0,80.0L35.0,60.0L90.0,0.0')
})

test('the sentence is about those who were given about three in ten', () => {
  expect(percent(example(bins)!.said)).toBe(35)
  expect(example([])).toBeNull()
})
