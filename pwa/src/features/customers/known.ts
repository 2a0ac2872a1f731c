/* A known customer under a form: what is known of her here, with her pending writes over it. */
import { computed, type ComputedRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { globalId } from '@/shared/lib/ids.ts'
import { CustomerForEdit } from './edit.operations.ts'
import type { Detail } from './operations.ts'
import { type DetailView, overlaidDetail } from './overlay.ts'

export interface Known extends Pick<Live<unknown>, 'trouble' | 'refresh'> {
  customer: ComputedRef<DetailView | null>
}

export function useKnown(id: string): Known {
  const live = useSnapshot<{ customer: Detail | null }>(
    () => `customer:${id}`,
    () => ask(CustomerForEdit, { id: globalId('Customer', id) }),
    () => 'read',
  )
  const customer = computed(() => overlaidDetail(live.base.value?.customer ?? null, id, live.layOver.value))
  return { customer, trouble: live.trouble, refresh: live.refresh }
}
