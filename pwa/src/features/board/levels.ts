/* How far down a board can go, by what its reader leads. */
import { computed, type ComputedRef } from 'vue'
import type { LocationQuery } from 'vue-router'
import { me } from '@/shared/graphql/session.ts'
import type { Grouping } from './operations.ts'

export function useLevels(query: () => LocationQuery): {
  office: ComputedRef<boolean>
  /** She leads one store: its people are all there is. */
  single: ComputedRef<boolean>
  /** How rows are grouped where nothing is said. */
  least: ComputedRef<Grouping>
  levels: ComputedRef<Grouping[]>
} {
  const roles = computed(() => me.value?.roles.map((one) => one.role) ?? [])
  const office = computed(() => roles.value.some((role) => role === 'HQ' || role === 'ADMIN'))
  const single = computed(() => !office.value && me.value?.stores.length === 1)
  const all = computed(() => office.value && !query().region)
  const least = computed<Grouping>(() => (single.value ? 'GUIDE' : all.value ? 'REGION' : 'STORE'))
  const levels = computed<Grouping[]>(() =>
    single.value ? [] : all.value ? ['REGION', 'STORE', 'GUIDE'] : ['STORE', 'GUIDE'],
  )
  return { office, single, least, levels }
}
