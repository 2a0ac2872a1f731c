/* A segment on its page: asked again every second while it still looks for people, and now and then after that. */
import { computed, type ComputedRef, onScopeDispose, type Ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { globalId } from '@/shared/lib/ids.ts'
import { type Segment, SegmentQuery } from './operations.ts'

export const FILLING = 1_000
export const REST = 10_000

export interface Watched {
  segment: Ref<Segment | null>
  missing: ComputedRef<boolean>
  trouble: Ref<Trouble>
  refresh: () => Promise<void>
  global: string
}

export function useSegment(id: string): Watched {
  const global = globalId('Segment', id)
  const live = useSnapshot<Segment | null>(
    () => `segment:${id}:seen`,
    async () => (await ask(SegmentQuery, { id: global })).segment ?? null,
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    [live.base, live.loading],
    ([now, loading]) => {
      clearTimeout(timer)
      if (!loading) timer = setTimeout(() => void live.refresh(), now?.filling ? FILLING : REST)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  const missing = computed(() => !live.base.value && !live.loading.value && !live.trouble.value)
  return { segment: live.base, missing, trouble: live.trouble, refresh: live.refresh, global }
}
