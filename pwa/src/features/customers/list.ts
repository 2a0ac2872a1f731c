/* The customer list: one page after the other; what she has seen of it is kept for offline. */
import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { homeStore, staffId } from '@/shared/graphql/session.ts'
import { readSnapshot, TTL, writeSnapshot } from '@/shared/offline/snapshots.ts'
import { CustomersQuery } from './list.operations.ts'
import type { Cell, Row } from './operations.ts'
import { matching, overlaidRows, type RowView } from './overlay.ts'

export interface Filter {
  search: string
  mine: boolean
  /** Those of other stores that are shared with hers. */
  shared?: boolean
  cell: Cell | null
  /** The store or region to look at instead of hers, by global id; a null store: all she may see. */
  at?: { storeId: string | null } | { regionId: string } | null
}

export interface Page {
  rows: Row[]
  end: string | null
}

/** The first page, and for offline the rows after it that she has seen since `at`, ms. */
export interface Kept extends Page {
  more?: { rows: Row[]; at: number }
}

const FIRST = 30
const MOST = 300

async function load(filter: Filter, after: string | null): Promise<Page> {
  const { customers } = await ask(CustomersQuery, {
    search: filter.search || null,
    mine: filter.mine,
    shared: filter.shared ?? false,
    ...(filter.at ?? { storeId: filter.mine || filter.shared ? null : (homeStore.value?.id ?? null) }),
    cell: filter.cell,
    first: FIRST,
    after,
  })
  const end = customers.pageInfo.hasNextPage ? (customers.pageInfo.endCursor ?? null) : null
  return { rows: customers.edges.map((edge) => edge.node), end }
}

/** `page` with what else of the list was seen: `known` before it, `seen` since. Rows older than a snapshot may be go. */
export function withKnown(page: Page, known: Kept | null, seen: readonly Row[], now = Date.now()): Kept {
  const older = known?.more && now - known.more.at < TTL ? known.more : { rows: [], at: now }
  const ids = new Set(page.rows.map((row) => row.id))
  const rows: Row[] = []
  for (const row of [...(known?.rows ?? []), ...seen, ...older.rows]) {
    if (ids.has(row.id)) continue
    ids.add(row.id)
    rows.push(row)
  }
  return { rows: page.rows, end: page.end, more: { rows: rows.slice(0, MOST - page.rows.length), at: older.at } }
}

export const all = (kept: Kept): Row[] => [...kept.rows, ...(kept.more?.rows ?? [])]

function keyOf(filter: Filter): string {
  const at = filter.at ? Object.values(filter.at)[0] : ''
  const whose = filter.shared ? 'shared' : filter.mine ? 'mine' : 'store'
  return `customers:${whose}${at}:${filter.cell ?? 'all'}`
}

export interface CustomerList extends Pick<Live<Kept>, 'trouble' | 'loading' | 'refresh'> {
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
  const further = shallowRef<Page | null>(null)
  const live: Live<Kept> = useSnapshot<Kept>(
    key,
    async () => withKnown(await load(filter.value, null), live.base.value, further.value?.rows ?? []),
    () => (plain() ? 'keep' : 'no'),
  )
  const moreBusy = ref(false)
  const seen = shallowRef<Row[]>([])

  watch([key, live.base], () => (further.value = null))
  // Searched and not reached: fall back on the list this device keeps.
  watch(live.trouble, async (trouble) => {
    if (!trouble || plain() || !staffId.value) return
    const kept = await readSnapshot<Kept>(staffId.value, `${keyOf(filter.value)}:`)
    seen.value = kept ? all(kept.data) : []
  })

  const local = computed(() => live.trouble.value === 'unreachable' && !plain())
  const rows = computed(() => {
    if (local.value) return matching(overlaidRows(seen.value, live.layOver.value, true), filter.value.search)
    const base = live.base.value
    if (!base) return null
    const loaded = further.value?.rows ?? []
    const shown = live.trouble.value === 'unreachable' ? all(withKnown(base, base, loaded)) : [...base.rows, ...loaded]
    return overlaidRows(shown, live.layOver.value, plain() && !filter.value.cell && !filter.value.shared)
  })
  const end = computed(() => (further.value ?? live.base.value)?.end ?? null)

  async function loadMore(): Promise<void> {
    if (!end.value || moreBusy.value) return
    const before = key()
    moreBusy.value = true
    try {
      const page = await load(filter.value, end.value)
      if (before !== key()) return
      further.value = { rows: [...(further.value?.rows ?? []), ...page.rows], end: page.end }
      await keepFurther(further.value.rows)
    } catch {
      // The button stays; she can press it again.
    } finally {
      moreBusy.value = false
    }
  }

  async function keepFurther(rows: Row[]): Promise<void> {
    const base = live.base.value
    if (!base || !plain() || !staffId.value) return
    await writeSnapshot(staffId.value, key(), withKnown(base, base, rows), live.fetchedAt.value)
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
