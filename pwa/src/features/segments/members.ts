/* Who is in a segment, page by page, with what brought each in. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { ask, Unreachable } from '@/shared/graphql/client.ts'
import { type Member, SegmentMembersQuery } from './operations.ts'

export interface Members {
  rows: Ref<Member[] | null>
  more: Ref<boolean>
  busy: Ref<boolean>
  trouble: Ref<'unreachable' | 'refused' | null>
  /** From the first page. */
  refresh: () => Promise<void>
  next: () => Promise<void>
}

/** `id`: the segment's global id. */
export function useMembers(id: string): Members {
  const rows = shallowRef<Member[] | null>(null)
  const end = shallowRef<string | null>(null)
  const more = ref(false)
  const busy = ref(false)
  const trouble = ref<Members['trouble']['value']>(null)
  let turn = 0

  async function page(after: string | null): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const { customers } = await ask(SegmentMembersQuery, { id, after })
      if (mine !== turn) return
      const found = customers.edges.map(({ node }) => node)
      rows.value = after ? [...(rows.value ?? []), ...found] : found
      end.value = customers.pageInfo.endCursor ?? null
      more.value = customers.pageInfo.hasNextPage
      trouble.value = null
    } catch (error) {
      if (mine === turn) trouble.value = error instanceof Unreachable ? 'unreachable' : 'refused'
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  onScopeDispose(() => turn++)
  return { rows, more, busy, trouble, refresh: () => page(null), next: () => page(end.value) }
}

export const standing = (member: Member, id: string) => member.segments.find((one) => one.segmentId === id) ?? null
