/* The inbox with what she just read laid over it. */
import { computed, type ComputedRef, type Ref, ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { write } from '@/shared/graphql/outbox.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { type Inbox, InboxQuery, MarkInboxRead, type Message } from './operations.ts'
import { seen } from './unread.ts'

const PAGE = 30

export interface MessageView extends Message {
  unread: boolean
}

/** Ids that waiting writes mark as read; null stands for all. */
function marked(entries: readonly Entry[], message: Message): boolean {
  return entries.some((entry) => {
    if (entry.op !== 'MarkInboxRead') return false
    const ids = entry.input.ids as string[] | undefined
    return ids ? ids.includes(message.id) : Date.parse(message.createdAt) <= entry.createdAt
  })
}

export interface InboxView extends Pick<Live<Inbox>, 'trouble' | 'refresh'> {
  messages: ComputedRef<MessageView[] | null>
  unread: ComputedRef<number>
  more: ComputedRef<boolean>
  busy: Ref<boolean>
  loadMore: () => Promise<void>
  read: (message: MessageView) => Promise<void>
  readAll: () => Promise<void>
}

export function useInbox(): InboxView {
  const live = useSnapshot<Inbox>(
    () => 'inbox',
    async () => (await ask(InboxQuery, { first: PAGE, after: null })).inbox,
  )
  const older = ref<Inbox | null>(null) as Ref<Inbox | null>
  const busy = ref(false)
  watch(live.base, () => (older.value = null))

  const messages = computed(() => {
    if (!live.base.value) return null
    const nodes = [...live.base.value.edges, ...(older.value?.edges ?? [])].map((edge) => edge.node)
    return nodes.map((node) => ({ ...node, unread: !node.readAt && !marked(live.layOver.value, node) }))
  })
  const unread = computed(() => {
    const marks = (messages.value ?? []).filter((message) => !message.readAt && !message.unread).length
    const all = live.layOver.value.some((entry) => entry.op === 'MarkInboxRead' && !entry.input.ids)
    return all
      ? (messages.value ?? []).filter((m) => m.unread).length
      : Math.max(0, (live.base.value?.unread ?? 0) - marks)
  })
  watch(unread, (n) => live.base.value && (seen.value = n), { immediate: true })
  const page = computed(() => (older.value ?? live.base.value)?.pageInfo)

  async function loadMore(): Promise<void> {
    busy.value = true
    try {
      const { inbox } = await ask(InboxQuery, { first: PAGE, after: page.value?.endCursor ?? null })
      older.value = { ...inbox, edges: [...(older.value?.edges ?? []), ...inbox.edges] }
    } catch {
      // The button stays.
    } finally {
      busy.value = false
    }
  }

  async function mark(ids: string[] | null): Promise<void> {
    await write(MarkInboxRead, ids ? { ids } : {}, { entity: 'Inbox', about: t('tab.inbox') })
  }

  return {
    messages,
    unread,
    busy,
    more: computed(() => page.value?.hasNextPage ?? false),
    loadMore,
    read: async (message) => {
      if (message.unread) await mark([message.id])
    },
    readAll: () => mark(null),
    trouble: live.trouble,
    refresh: live.refresh,
  }
}
