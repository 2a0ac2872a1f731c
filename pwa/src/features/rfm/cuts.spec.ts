import { describe, expect, it } from 'vitest'
import { bestOf, listed, readCut, shareOf, wholeOrNull, writeCut } from './cuts.ts'

describe('cuts', () => {
  it('come back as they were typed', () => {
    for (const text of ['90', 'median', '2.5']) expect(writeCut(readCut('f', text))).toBe(text)
  })
  it('are a score where the part is a fifth of the best', () => {
    expect(readCut('f', 'q0.6')).toMatchObject({ way: 'score', score: 4 })
    expect(readCut('r', 'q0.4')).toMatchObject({ way: 'score', score: 4 })
    expect(writeCut(readCut('r', 'q0.4'))).toBe('s4')
    expect(bestOf(4)).toBe(40)
  })
  it('stay the part that they are where it is no fifth', () => {
    const cut = readCut('m', 'q0.75')
    expect(cut.score).toBeNull()
    expect(writeCut(cut)).toBe('q0.75')
    expect(shareOf('m', 'q0.75')).toBe(25)
  })
})

describe('what is typed', () => {
  it('is a list, whatever stands between', () => {
    expect(listed(' 内部，批发、 样品,内部 ')).toEqual(['内部', '批发', '样品'])
    expect(listed('')).toEqual([])
  })
  it('is a whole number or nothing', () => {
    expect(['365', '', '0', '1.5', 'x'].map(wholeOrNull)).toEqual([365, null, null, null, null])
  })
})
