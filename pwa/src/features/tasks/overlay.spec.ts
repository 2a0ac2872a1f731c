import { describe, expect, it } from 'vitest'
import { card, entry } from '../../../testing/make.ts'
import { overlaidTask, overlaidToday, withPutOff } from './overlay.ts'

const task = card('a')
const record = (outcome: string, more: object = {}) =>
  entry('RecordOutcome', `Task:a`, { taskId: 'a', outcome, ...more })

describe('a pending outcome', () => {
  it('closes the card on the screen and says that it waits', () => {
    const view = overlaidTask(task, [record('REACHED', { note: 'fine' })])
    expect(view).toMatchObject({ state: 'DONE', outcome: 'REACHED', note: 'fine', handled: true, pending: true })
  })

  it('of "later" puts the card off to the time she chose', () => {
    const view = overlaidTask(task, [record('LATER', { followUpAt: '2026-11-20T02:00:00Z' })])
    expect(view).toMatchObject({ state: 'OPEN', dueAt: '2026-11-20T02:00:00Z', handled: true })
  })

  it('of "no answer" counts once however often it is amended, and closes the third time', () => {
    const amended = [record('NO_ANSWER'), record('NO_ANSWER', { note: 'rang long' })]
    expect(overlaidTask(task, amended)).toMatchObject({ attempts: 1, state: 'OPEN', handled: true })
    expect(overlaidTask({ ...task, attempts: 2 }, amended)).toMatchObject({ attempts: 3, state: 'DONE' })
  })

  it('taken back leaves the card as it was, though the server has it closed already', () => {
    const closed = { ...task, state: 'DONE' as const, outcome: 'REACHED' as const }
    expect(overlaidTask(closed, [entry('UndoOutcome', 'Task:a', { taskId: 'a' })])).toMatchObject({
      state: 'OPEN',
      outcome: null,
      handled: false,
    })
  })

  it('of another card changes nothing', () => {
    expect(overlaidTask(card('b'), [record('REACHED')])).toMatchObject({ state: 'OPEN', pending: false })
  })
})

describe('the day', () => {
  const today = { date: '2026-11-19', openCount: 3, open: [card('a'), card('b')], done: [card('c', { state: 'DONE' })] }

  it('counts and moves what was dealt with', () => {
    const day = overlaidToday(today, [record('REACHED')])!
    expect([day.openCount, day.open.map((t) => t.id), day.done.map((t) => t.id)]).toEqual([2, ['b'], ['a', 'c']])
  })

  it('brings back on top what was taken back', () => {
    const day = overlaidToday(today, [entry('UndoOutcome', 'Task:c', {})])!
    expect([day.openCount, day.open.map((t) => t.id), day.done.length]).toEqual([4, ['c', 'a', 'b'], 0])
  })

  it('keeps among the done whom she put off, though the server lists her no more', () => {
    const later = record('LATER', { followUpAt: '2026-11-21T02:00:00Z' })
    const answer = { ...today, openCount: 2, open: [card('b')] }
    const kept = withPutOff(answer, overlaidToday(today, [later]))
    const day = overlaidToday(kept, [])!
    expect([day.openCount, day.open.map((t) => t.id), day.done.map((t) => t.id)]).toEqual([2, ['b'], ['a', 'c']])
    expect(day.done[0]).toMatchObject({ outcome: 'LATER', followUpAt: '2026-11-21T02:00:00Z', handled: true })
    const again = withPutOff(answer, day)
    expect(again.putOff?.map((t) => t.id)).toEqual(['a'])
    const undone = overlaidToday(again, [entry('UndoOutcome', 'Task:a', { taskId: 'a' })])!
    expect([undone.openCount, undone.open.map((t) => t.id)]).toEqual([3, ['a', 'b']])
  })

  it('begins the next one without whom she put off, and gives back whom the server lists again', () => {
    const before = overlaidToday(today, [record('NO_ANSWER')])
    expect(withPutOff({ ...today, date: '2026-11-20' }, before).putOff).toBeUndefined()
    expect(withPutOff(today, before).putOff).toEqual([])
  })

  it('unknown stays unknown', () => {
    expect(overlaidToday(null, [record('REACHED')])).toBeNull()
  })
})
