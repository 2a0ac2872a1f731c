/* What was done in the house, page by page; nothing of it is kept on the device. */
import { computed, type ComputedRef, ref, type Ref, shallowRef, watch } from 'vue'
import { ask, Unreachable } from '@/shared/graphql/client.ts'
import { type AuditPage, AuditQuery } from './operations.ts'

export interface Chosen {
  /** A family of kinds, below. */
  family: string
  day: string
}

/** What one looks for: a few kinds at once. */
export const FAMILIES: Record<string, string[]> = {
  all: [],
  reveals: ['customer.phone_revealed'],
  files: [
    'export.started',
    'export.fetched',
    'customer.copy_made',
    'customer.copy_fetched',
    'import.started',
    'import.cancelled',
  ],
  privacy: ['customer.erased', 'suppression.lifted', 'consent.recorded', 'consent_text.saved'],
  archive: ['customer.merged', 'customer.unmerged', 'customer.updated', 'customer.created', 'profile.saved'],
  access: [
    'partner_key.created',
    'partner_key.rotated',
    'partner_key.revoked',
    'staff.roles_set',
    'staff.invited',
    'staff.ended',
    'session.opened',
    'session.revoked',
  ],
}
const PAGE = 30

export interface Audit {
  events: ComputedRef<AuditPage['edges'][number]['node'][] | null>
  more: ComputedRef<boolean>
  busy: Ref<boolean>
  trouble: Ref<'unreachable' | 'refused' | null>
  refresh: () => Promise<void>
  loadMore: () => Promise<void>
}

export function useAudit(chosen: Ref<Chosen>): Audit {
  const pages = shallowRef<AuditPage[] | null>(null)
  const busy = ref(false)
  const trouble = ref<'unreachable' | 'refused' | null>(null)
  let turn = 0

  async function load(after: string | null): Promise<void> {
    const mine = ++turn
    const { family, day } = chosen.value
    const filter = { kinds: FAMILIES[family] ?? [], since: day || null, until: day || null }
    busy.value = true
    try {
      const { auditEvents } = await ask(AuditQuery, { filter, first: PAGE, after })
      if (mine !== turn) return
      pages.value = [...((after && pages.value) || []), auditEvents]
      trouble.value = null
    } catch (error) {
      if (mine === turn) trouble.value = error instanceof Unreachable ? 'unreachable' : 'refused'
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  const last = computed(() => pages.value?.at(-1)?.pageInfo)
  watch(chosen, () => void load(null), { immediate: true })
  return {
    events: computed(() => pages.value && pages.value.flatMap((page) => page.edges.map((edge) => edge.node))),
    more: computed(() => last.value?.hasNextPage ?? false),
    busy,
    trouble,
    refresh: () => load(null),
    loadMore: () => load(last.value?.endCursor ?? null),
  }
}
