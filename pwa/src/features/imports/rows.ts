/* Rows of an import by what became of them, and whom its undoing left. */
import { type Ref, ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { moves } from './imports.ts'
import { type Job, RowsQuery, type ShownRow, StayedQuery, type Stays, type Verdict } from './operations.ts'

const PAGE = 20

export interface Rows {
  rows: Ref<ShownRow[]>
  more: Ref<boolean>
  busy: Ref<boolean>
  loadMore: () => Promise<void>
}

/** Rows of one verdict, page by page; begun anew when another is chosen or the job has come to its end. */
export function useRows(job: () => Job, verdict: () => Verdict): Rows {
  const rows = shallowRef<ShownRow[]>([])
  const more = ref(false)
  const busy = ref(false)
  let after: string | null = null

  async function loadMore(): Promise<void> {
    const wanted = { id: job().id, verdict: verdict() }
    busy.value = true
    try {
      const found = (await ask(RowsQuery, { ...wanted, first: PAGE, after })).importJob?.rows
      if (!found || wanted.id !== job().id || wanted.verdict !== verdict()) return
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
    () => [job().id, verdict(), moves(job())] as const,
    () => {
      rows.value = []
      after = null
      more.value = false
      if (!moves(job())) void loadMore()
    },
    { immediate: true },
  )
  return { rows, more, busy, loadMore }
}

/** Customers whom an undo could not leave as if the import had not been. */
export function useStayed(job: () => Job): Ref<Stays[]> {
  const found = shallowRef<Stays[]>([])
  watch(
    () => [job().id, job().state === 'UNDONE' && (job().undo?.stayed ?? 0) > 0] as const,
    async ([id, some]) => {
      found.value = []
      if (!some) return
      const stayed = (await ask(StayedQuery, { id }).catch(() => null))?.importJob?.stayed
      if (stayed && id === job().id) found.value = stayed.edges.map((edge) => edge.node)
    },
    { immediate: true },
  )
  return found
}
