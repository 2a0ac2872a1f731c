import { expect, it } from 'vitest'
import { type List, placeAt } from './dragging.ts'

const list = (id: string, top: number, ...ids: string[]): List => ({
  ...{ id, top, bottom: top + Math.max(40, 60 * ids.length) },
  rows: ids.map((row, place) => ({ id: row, middle: top + 60 * place + 30 })),
})
const lists = [list('a', 100, 'one', 'two'), list('b', 300, 'three'), list('c', 420)]

it('stands before the first row whose middle is further down, in the list it is over', () => {
  expect(placeAt(110, lists)).toEqual({ list: 'a', before: 'one' })
  expect(placeAt(140, lists)).toEqual({ list: 'a', before: 'two' })
  expect(placeAt(205, lists)).toEqual({ list: 'a', before: null })
  expect(placeAt(320, lists)).toEqual({ list: 'b', before: 'three' })
  expect(placeAt(430, lists)).toEqual({ list: 'c', before: null })
})

it('between two lists the nearer one takes it, above all and below all the first and the last', () => {
  expect(placeAt(240, lists)).toEqual({ list: 'a', before: null })
  expect(placeAt(285, lists)).toEqual({ list: 'b', before: 'three' })
  expect(placeAt(-50, lists)).toEqual({ list: 'a', before: 'one' })
  expect(placeAt(900, lists)).toEqual({ list: 'c', before: null })
  expect(placeAt(900, [])).toBeNull()
})
