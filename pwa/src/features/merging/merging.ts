/* Duplicates and merges as the screen shows them. Merging needs the server at once: it never waits in the outbox. */
import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { tEnum } from '@/shared/lib/i18n.ts'
import { globalId } from '@/shared/lib/ids.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import {
  type Choice,
  DismissDuplicate,
  type Pair,
  PairsQuery,
  type Preview,
  PreviewQuery,
  ReopenDuplicate,
  type SideView,
  UndoMerge,
} from './operations.ts'
import { w } from './words.ts'

const PAGE = 20

interface Page {
  pairs: Pair[]
  total: number
  end: string | null
}

async function load(store: string | null, after: string | null): Promise<Page> {
  const { duplicatePairs: found } = await ask(PairsQuery, {
    storeId: store && globalId('Store', store),
    first: PAGE,
    after,
  })
  const end = found.pageInfo.hasNextPage ? (found.pageInfo.endCursor ?? null) : null
  return { pairs: found.edges.map((edge) => edge.node), total: found.totalCount, end }
}

export interface Pairs extends Pick<Live<Page>, 'trouble' | 'refresh'> {
  pairs: ComputedRef<Pair[] | null>
  total: ComputedRef<number>
  more: ComputedRef<boolean>
  loadMore: () => Promise<void>
}

/** The queue, page by page. `store`: a store's UUID, of which one of the two is; null: any. */
export function usePairs(store: () => string | null): Pairs {
  const live = useSnapshot<Page>(
    () => `duplicates:${store()}`,
    () => load(store(), null),
    () => 'no',
  )
  const further = shallowRef<Page | null>(null)
  watch(live.base, () => (further.value = null))
  const end = computed(() => (further.value ?? live.base.value)?.end ?? null)
  async function loadMore(): Promise<void> {
    const [asked, from] = [store(), end.value]
    const page = await load(asked, from).catch(() => null)
    if (page && asked === store() && from === end.value)
      further.value = { ...page, pairs: [...(further.value?.pairs ?? []), ...page.pairs] }
  }
  return {
    ...live,
    pairs: computed(() => live.base.value && [...live.base.value.pairs, ...(further.value?.pairs ?? [])]),
    total: computed(() => live.base.value?.total ?? 0),
    more: computed(() => end.value !== null),
    loadMore,
  }
}

/** Both archives, the first to stay; a null within: there is no such pair (any more). */
export function usePreview(winner: () => string, loser: () => string): Live<{ pair: Preview | null }> {
  return useSnapshot(
    () => `merge:${winner()}:${loser()}`,
    async () => ({ pair: (await ask(PreviewQuery, { winnerId: winner(), loserId: loser() })).mergePreview ?? null }),
    () => 'no',
  )
}

/** Where they differ: what needs a look first. */
export function differing(preview: Preview): Choice[] {
  const unlike = preview.fields.filter((one) => one.winner !== one.loser)
  return [...unlike.filter((one) => one.conflict), ...unlike.filter((one) => !one.conflict)]
}

/** A value as people read it. */
export function shown(field: string, value: string | null | undefined): string {
  if (!value) return w('empty')
  if (field === 'gender') return tEnum('gender', value as 'FEMALE')
  if (field === 'source') return tEnum('source', value as 'WALK_IN')
  return value
}

export function nameOf(side: Pick<SideView, 'name' | 'alias' | 'memberNo'>): string {
  return side.name || side.alias || side.memberNo || w('nameless')
}

/** Decisions that can be taken back at once, each with its "undo" at the thumb. */
export function useDeciding(): {
  busy: Ref<boolean>
  dismiss: (pair: string, after: () => unknown) => Promise<boolean>
  part: (merge: string) => Promise<boolean>
} {
  const { act, busy } = useActing()
  const again = useActing()

  async function dismiss(pair: string, after: () => unknown): Promise<boolean> {
    if (!(await act(DismissDuplicate, { id: pair }))) return false
    const back = async (): Promise<void> => {
      if (await again.act(ReopenDuplicate, { id: pair })) after()
    }
    say(w('dismissed'), { label: w('undo'), run: () => void back() })
    return true
  }

  async function part(merge: string): Promise<boolean> {
    const done = await act(UndoMerge, { mergeId: merge })
    if (done) say(done.report ?? w('undone'))
    return Boolean(done)
  }
  return { busy, dismiss, part }
}

/** A word of a sentence as a heading has it. */
export const headed = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1)
