/* Colleagues and stores as the screen shows them. Kept for looking them up without a connection; changed only with one. */
import { computed, type ComputedRef, ref, type Ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { me } from '@/shared/graphql/session.ts'
import { tEnum, t } from '@/shared/lib/i18n.ts'
import {
  ColleaguesQuery,
  type House,
  HouseQuery,
  MemberQuery,
  type Person,
  type Role,
  type Whole,
} from './operations.ts'

export interface Filter {
  search: string
  store: string | null
  left: boolean
}

interface Page {
  people: Person[]
  end: string | null
}

async function load(filter: Filter, after: string | null): Promise<Page> {
  const { search, store, left } = filter
  const { staffMembers } = await ask(ColleaguesQuery, {
    search: search || null,
    storeId: store,
    left,
    first: 50,
    after,
  })
  const end = staffMembers.pageInfo.hasNextPage ? (staffMembers.pageInfo.endCursor ?? null) : null
  return { people: staffMembers.edges.map((edge) => edge.node), end }
}

export interface People extends Pick<Live<Page>, 'trouble' | 'refresh'> {
  people: ComputedRef<Person[] | null>
  more: ComputedRef<boolean>
  busy: Ref<boolean>
  loadMore: () => Promise<void>
}

export function usePeople(filter: Ref<Filter>): People {
  const key = () => `people:${filter.value.store ?? ''}:${filter.value.left ? 'left' : ''}:${filter.value.search}`
  const live = useSnapshot<Page>(
    key,
    () => load(filter.value, null),
    () => (filter.value.search ? 'no' : 'keep'),
  )
  const further = shallowRef<Page | null>(null)
  const busy = ref(false)
  watch([key, live.base], () => (further.value = null))
  const end = computed(() => (further.value ?? live.base.value)?.end ?? null)

  async function loadMore(): Promise<void> {
    const before = key()
    busy.value = true
    try {
      const page = await load(filter.value, end.value)
      if (before === key())
        further.value = { people: [...(further.value?.people ?? []), ...page.people], end: page.end }
    } catch {
      // The button stays.
    } finally {
      busy.value = false
    }
  }
  const people = computed(() => live.base.value && [...live.base.value.people, ...(further.value?.people ?? [])])
  return {
    people,
    more: computed(() => end.value !== null),
    busy,
    loadMore,
    trouble: live.trouble,
    refresh: live.refresh,
  }
}

export function usePerson(id: () => string): Live<{ person: Whole | null }> {
  return useSnapshot<{ person: Whole | null }>(
    () => `person:${id()}`,
    async () => ({ person: (await ask(MemberQuery, { id: id() })).staffMember }),
  )
}

export function useHouse(): Live<House> {
  return useSnapshot<House>(
    () => 'house',
    () => ask(HouseQuery, {}),
  )
}

const ROLES: Role[] = ['GUIDE', 'ADVISOR', 'STORE_MANAGER', 'REGIONAL_MANAGER', 'HQ', 'ADMIN']

/** The roles that the one signed in may give: at or below her own. */
export const givable = computed<Role[]>(() => {
  const mine = me.value?.roles.map((one) => ROLES.indexOf(one.role)) ?? []
  return ROLES.slice(0, Math.max(-1, ...mine) + 1)
})

/** Where a role holds: in a store, a region, or the whole brand. */
export function placeOf(role: Role): 'store' | 'region' | 'brand' {
  if (role === 'REGIONAL_MANAGER') return 'region'
  return role === 'HQ' || role === 'ADMIN' ? 'brand' : 'store'
}

/** 店长 · 滨江店 */
export function roleWords(one: Person['roles'][number]): string {
  return `${tEnum('role', one.role)} · ${one.store?.name ?? one.region ?? t('person.brand')}`
}
