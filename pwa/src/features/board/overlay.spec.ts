import { describe, expect, it } from 'vitest'
import { boardCard, boardRow } from '../../../testing/board.ts'
import { entry } from '../../../testing/make.ts'
import { learn } from './names.ts'
import { inOrder, overlaidCards, overlaidRows } from './overlay.ts'

const rows = [boardRow('wang', 2), boardRow('xu', 0), boardRow(null, 1)]
const cards = [boardCard('a', 'wang'), boardCard('b', 'wang'), boardCard('c', null)]
const give = (taskIds: string[], assigneeId: string | null, more = {}) =>
  entry('ReassignTasks', 'Board', { taskIds, assigneeId }, more)
const shown = (...entries: ReturnType<typeof entry>[]) => {
  const after = overlaidCards(cards, entries)
  const late = overlaidRows(rows, cards, after).map((row) => row.counts.late)
  return [after.map((card) => card.assignee?.id ?? 'pool'), late]
}

describe('cards given away', () => {
  it('are hers at once, and the counts go with them', () => {
    expect(shown(give(['a', 'b'], 'xu'))).toEqual([
      ['xu', 'xu', 'pool'],
      [0, 2, 1],
    ])
  })

  it('may go to the pool and come from it', () => {
    expect(shown(give(['a'], null), give(['c'], 'xu'))).toEqual([
      ['pool', 'wang', 'xu'],
      [1, 1, 1],
    ])
  })

  it('say the name of who has them now, before the server does', () => {
    learn({ id: 'xu', name: '许文静' })
    expect(overlaidCards(cards, [give(['a'], 'xu')])[0]!.assignee).toEqual({ id: 'xu', name: '许文静' })
  })

  it('come back when it is undone, or was refused', () => {
    const gave = give(['a'], 'xu', { state: 'sent' })
    const undo = entry('UndoReassign', 'Board', {}, { after: gave.id })
    expect(shown(gave, undo)[1]).toEqual([2, 0, 1])
    expect(shown(give(['a'], 'xu', { state: 'rejected' }))[1]).toEqual([2, 0, 1])
  })
})

it('rows that are held keep their place, new ones come after them', () => {
  const keys = ['xu:s', 'wang:s']
  expect(inOrder(rows, keys, (row) => row.key).map((row) => row.key)).toEqual(['xu:s', 'wang:s', 'pool:s'])
})
