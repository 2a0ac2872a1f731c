/* The guide's day, with what she just did laid over it. */
import { computed, type ComputedRef, ref } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { dayOf } from '@/shared/lib/dates.ts'
import { globalId, localId } from '@/shared/lib/ids.ts'
import { TaskQuery, TodayQuery } from './operations.ts'
import { type KeptDay, overlaidTask, overlaidToday, type TaskView, type TodayView, withPutOff } from './overlay.ts'

const PAGE = 20
/** As many as the server gives at once; nobody calls more people in a day. */
const MOST = 100

export interface Day extends Live<KeptDay> {
  day: ComputedRef<TodayView | null>
  /** What is shown is another day's list: there was no connection since. */
  old: ComputedRef<boolean>
  more: () => Promise<void>
  find: (id: string | null) => TaskView | null
}

export function useToday(): Day {
  const first = ref(PAGE)
  const live: Live<KeptDay> = useSnapshot<KeptDay>(
    () => 'today',
    async () => withPutOff((await ask(TodayQuery, { first: first.value })).today, day.value),
  )
  const day: ComputedRef<TodayView | null> = computed(() => overlaidToday(live.base.value, live.layOver.value))
  const old = computed(() => live.fetchedAt.value > 0 && dayOf(new Date(live.fetchedAt.value)) !== dayOf(new Date()))

  async function more(): Promise<void> {
    first.value = Math.min(MOST, first.value + PAGE)
    await live.refresh()
  }

  /** By either shape of the id. */
  function find(id: string | null): TaskView | null {
    if (!id || !day.value) return null
    const wanted = localId(id)
    return [...day.value.open, ...day.value.done].find((task) => localId(task.id) === wanted) ?? null
  }

  return { ...live, day, old, more, find }
}

/** One card by the id in an address. `missing`: the server knows no such card for her. */
export function useTask(id: () => string): {
  task: ComputedRef<TaskView | null>
  missing: ComputedRef<boolean>
  live: Live<{ task: TaskView | null }>
} {
  const live = useSnapshot<{ task: TaskView | null }>(
    () => `task:${localId(id())}`,
    async () => (await ask(TaskQuery, { id: globalId('Task', localId(id())) })) as { task: TaskView | null },
  )
  const task = computed(() => {
    const found = live.base.value?.task
    return found ? overlaidTask(found, live.layOver.value) : null
  })
  const missing = computed(() => live.base.value !== null && live.base.value.task === null)
  return { task, missing, live }
}
