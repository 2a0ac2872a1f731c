import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { card, entry, person } from '../../../testing/make.ts'
import { reload } from '@/shared/graphql/outbox.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { db, type Entry } from '@/shared/offline/db.ts'
import type { Task } from './operations.ts'
import { overlaidTask } from './overlay.ts'
import TaskOutcome from './TaskOutcome.vue'

const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString()
const closed = (by: string | null, minutes: number): Task =>
  card('a', {
    state: 'DONE',
    outcome: 'REACHED',
    closedAt: ago(minutes),
    closedBy: by ? { id: by, name: by } : null,
  })

async function kept(more: Partial<Entry>): Promise<void> {
  await (await db()).put('outbox', entry('RecordOutcome', 'Task:a', { taskId: 'a', outcome: 'REACHED' }, more))
  await reload()
}

function open(task: Task, entries: Entry[] = []) {
  return mount(TaskOutcome, { props: { task: overlaidTask(task, entries) } })
}

const offered = (task: Task) => open(task).find('button').exists()

beforeEach(async () => {
  await adopt(person('lin'))
  await reload()
})

describe('the way back from an outcome', () => {
  it('is offered to who closed the card, and for ten minutes', () => {
    expect([offered(closed('lin', 1)), offered(closed('lin', 11))]).toEqual([true, false])
  })

  it('is not offered for what a colleague closed or what expired', () => {
    expect([offered(closed('zhao', 1)), offered({ ...closed(null, 1), outcome: null })]).toEqual([false, false])
  })

  it('is explained by whose outcome it is', () => {
    expect([open(closed('zhao', 1)).text(), open(closed('lin', 30)).text()]).toEqual(['接通 · zhao', '接通'])
  })

  it('is offered for what still waits on this phone, whoever was first', async () => {
    await kept({ state: 'pending' })
    expect([offered(closed('zhao', 30)), offered(closed('lin', 30))]).toEqual([true, true])
  })

  it('is offered while the server has had it for less than ten minutes', async () => {
    await kept({ state: 'sent', sentAt: Date.now() - 9 * MINUTE })
    expect([offered(card('a', { outcome: 'LATER' })), offered(closed('zhao', 1))]).toEqual([true, false])
  })

  it('goes when its time is over, though nobody touched the page', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    try {
      const page = open(closed('lin', 9))
      expect(page.find('button').exists()).toBe(true)
      vi.advanceTimersByTime(2 * MINUTE)
      await nextTick()
      expect(page.find('button').exists()).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })
})
