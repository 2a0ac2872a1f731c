/* The customer list: one page after the other, kept for offline while nothing is searched for. */
import { computed, type ComputedRef, type Ref, ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { homeStore } from '@/shared/graphql/session.ts'
import { readSnapshot } from '@/shared/offline/snapshots.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { CustomersQuery } from './list.operations.ts'
import type { Cell, Row } from './operations.ts'
import { matching, overlaidRows, type RowView } from './overlay.ts'

export interface Filter {
  search: string
  mine: boolean
  cell: Cell | null
}

interface Page {
  rows: Row[]
  end: string | null
}

const FIRST = 30

async function load(filter: Filter, after: string | null): Promise<Page> {
  const { customers } = await ask(CustomersQuery, {
    search: filter.search || null,
    mine: filter.mine,
    storeId: filter.mine ? null : (homeStore.value?.id ?? null),
    cell: filter.cell,
    first: FIRST,
    after,
  })
  const end = customers.pageInfo.hasNextPage ? (customers.pageInfo.endCursor ?? null) : null
  return { rows: customers.edges.map((edge) => edge.node), end }
}

function keyOf(filter: Filter): string {
  return `customers:${filter.mine ? 'mine' : 'store'}:${filter.cell ?? 'all'}`
}

export interface CustomerList extends Pick<Live<Page>, 'trouble' | 'loading' | 'refresh'> {
  rows: ComputedRef<RowView[] | null>
  /** There is another page. */
  more: ComputedRef<boolean>
  moreBusy: Ref<boolean>
  /** Searching without a connection: only what was seen before is searched. */
  local: ComputedRef<boolean>
  loadMore: () => Promise<void>
}

export function useCustomers(filter: Ref<Filter>): CustomerList {
  const plain = (): boolean => !filter.value.search
  const key = (): string => `${keyOf(filter.value)}:${filter.value.search}`
  const live = useSnapshot<Page>(
    key,
    () => load(filter.value, null),
    () => (plain() ? 'keep' : 'no'),
  )
  const further = ref<Page | null>(null) as Ref<Page | null>
  const moreBusy = ref(false)
  const seen = ref<Row[]>([]) as Ref<Row[]>

  watch([key, live.base], () => (further.value = null))
  // Searched and not reached: fall back on the list this device keeps.
  watch(live.trouble, async (trouble) => {
    if (!trouble || plain() || !staffId.value) return
    const kept = await readSnapshot<Page>(staffId.value, `${keyOf(filter.value)}:`)
    seen.value = kept?.data.rows ?? []
  })

  const local = computed(() => live.trouble.value === 'unreachable' && !plain())
  const rows = computed(() => {
    if (local.value) return matching(overlaidRows(seen.value, live.layOver.value, true), filter.value.search)
    if (!live.base.value) return null
    const fresh = plain() && !filter.value.cell
    return overlaidRows([...live.base.value.rows, ...(further.value?.rows ?? [])], live.layOver.value, fresh)
  })
  const end = computed(() => (further.value ?? live.base.value)?.end ?? null)

  async function loadMore(): Promise<void> {
    if (!end.value || moreBusy.value) return
    const before = key()
    moreBusy.value = true
    try {
      const page = await load(filter.value, end.value)
      if (before === key()) further.value = { rows: [...(further.value?.rows ?? []), ...page.rows], end: page.end }
    } catch {
      // The button stays; she can press it again.
    } finally {
      moreBusy.value = false
    }
  }

  const { trouble, loading, refresh } = live
  return {
    rows,
    more: computed(() => !local.value && end.value !== null),
    moreBusy,
    local,
    loadMore,
    trouble,
    loading,
    refresh,
  }
}
