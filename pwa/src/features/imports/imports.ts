/* Imports as the page sees them: the latest ones, one of them watched every second while it moves. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { ask, Refused, Unreachable } from '@/shared/graphql/client.ts'
import { t } from '@/shared/lib/i18n.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import {
  CancelImport,
  type Choices,
  ImportJobQuery,
  ImportJobsQuery,
  type Job,
  type RejectedRow,
  RejectedRowsQuery,
  StartImport,
  UndoImport,
} from './operations.ts'
import { w } from './words.ts'

export const POLL = 1000
const PAGE = 20

export const moves = (job: Job): boolean =>
  job.state === 'WAITING' || job.state === 'RUNNING' || job.state === 'UNDOING'

/** How far it is, 0 to 1; null while that cannot be said. */
export function part(job: Job): number | null {
  if (!moves(job)) return 1
  return job.rowsTotal && job.counts.read ? Math.min(1, job.counts.read / job.rowsTotal) : null
}

/** What went wrong, as a sentence. */
export function said(error: unknown): string {
  if (error instanceof Unreachable) return w('offline')
  return error instanceof Refused || !(error instanceof Error) ? t('trouble.refused') : error.message
}

export interface Imports {
  jobs: Ref<Job[] | null>
  trouble: Ref<'unreachable' | 'refused' | null>
  refresh: () => Promise<void>
  start: (uploadId: string, choices: Choices) => Promise<Job>
  cancel: (job: Job) => Promise<void>
  undo: (job: Job) => Promise<void>
}

export function useImports(): Imports {
  const jobs = shallowRef<Job[] | null>(null)
  const trouble = ref<'unreachable' | 'refused' | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      const { importJobs } = await ask(ImportJobsQuery, { first: PAGE })
      jobs.value = importJobs.edges.map((edge) => edge.node)
      trouble.value = null
    } catch (error) {
      trouble.value = error instanceof Unreachable ? 'unreachable' : 'refused'
    }
    clearTimeout(timer)
    if (!gone && jobs.value?.some(moves)) timer = setTimeout(() => void refresh(), POLL)
  }

  async function start(uploadId: string, choices: Choices): Promise<Job> {
    const { startImport } = await ask(StartImport, { input: { operationId: uuid7(), uploadId, ...choices } })
    if (!startImport.job) throw new Error(startImport.userErrors[0]?.message)
    jobs.value = [startImport.job, ...(jobs.value ?? [])]
    timer = setTimeout(() => void refresh(), POLL)
    return startImport.job
  }

  async function cancel(job: Job): Promise<void> {
    const { cancelImport } = await ask(CancelImport, { input: { operationId: uuid7(), id: job.id } })
    await refresh()
    if (!cancelImport.job) throw new Error(cancelImport.userErrors[0]?.message)
  }

  async function undo(job: Job): Promise<void> {
    const { undoImport } = await ask(UndoImport, { input: { operationId: uuid7(), id: job.id } })
    await refresh()
    if (!undoImport.job) throw new Error(undoImport.userErrors[0]?.message)
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  void refresh()
  return { jobs, trouble, refresh, start, cancel, undo }
}

/** The job of this id: from the list, or asked for by itself when it is older than that. undefined: not known yet. */
export function useJob(id: () => string | null, jobs: Ref<Job[] | null>): ComputedRef<Job | null | undefined> {
  const older = shallowRef<Job | null | undefined>(undefined)
  const listed = computed(() => jobs.value?.find((job) => job.id === id()))
  watch(
    [id, () => jobs.value === null],
    async ([wanted, loading]) => {
      older.value = undefined
      if (!wanted || loading || listed.value) return
      try {
        older.value = (await ask(ImportJobQuery, { id: wanted })).importJob
      } catch {
        older.value = null
      }
    },
    { immediate: true },
  )
  return computed(() => listed.value ?? older.value)
}

export interface Rejected {
  rows: Ref<RejectedRow[]>
  more: Ref<boolean>
  busy: Ref<boolean>
  loadMore: () => Promise<void>
}

/** Rows of a job that were not taken, page by page. */
export function useRejected(job: () => Job): Rejected {
  const rows = shallowRef<RejectedRow[]>([])
  const more = ref(false)
  const busy = ref(false)
  let after: string | null = null

  async function loadMore(): Promise<void> {
    const { id } = job()
    busy.value = true
    try {
      const found = (await ask(RejectedRowsQuery, { id, first: PAGE, after })).importJob?.rejectedRows
      if (!found || id !== job().id) return
      rows.value = [...rows.value, ...found.edges.map((edge) => edge.node)]
      after = found.pageInfo.endCursor
      more.value = found.pageInfo.hasNextPage
    } catch {
      more.value = true // the button stays
    } finally {
      busy.value = false
    }
  }

  watch(
    () => [job().id, !moves(job()) && job().counts.rejected > 0] as const,
    ([, some]) => {
      rows.value = []
      after = null
      more.value = false
      if (some) void loadMore()
    },
    { immediate: true },
  )
  return { rows, more, busy, loadMore }
}
