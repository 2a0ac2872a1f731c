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

it('of lists within lists the innermost one takes it; beside that the one around it', () => {
  const inner: List = { id: 'inner', top: 200, bottom: 320, rows: list('', 200, 'a', 'b').rows }
  const group = { id: 'group', middle: 250 }
  const outer: List = { id: 'outer', top: 100, bottom: 420, rows: [{ id: 'one', middle: 130 }, group] }
  expect(placeAt(150, [outer, inner])).toEqual({ list: 'outer', before: 'group' })
  expect(placeAt(225, [outer, inner])).toEqual({ list: 'inner', before: 'a' })
  expect(placeAt(300, [outer, inner])).toEqual({ list: 'inner', before: null })
  expect(placeAt(380, [outer, inner])).toEqual({ list: 'outer', before: null })
  expect(placeAt(50, [outer, inner])).toEqual({ list: 'outer', before: 'one' })
})
