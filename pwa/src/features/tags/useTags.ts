/* Head office's tags while they are looked after: every change is saved at once, and most can be taken back. */
import { computed, type ComputedRef, ref, type Ref } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { useActing, type Acting } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import {
  ArchiveTag,
  ArrangeTags,
  type Book,
  type Group,
  RestoreTag,
  RestoreTagGroup,
  type Tag,
  TagsQuery,
} from './manage.operations.ts'
import { m } from './manage.words.ts'
import { arranged, type Order, orderOf } from './order.ts'

export interface Tags {
  book: Ref<Book | null>
  groups: ComputedRef<Group[]>
  archived: ComputedRef<{ id: string; name: string; group: boolean }[]>
  trouble: Ref<Trouble>
  acting: Acting
  refresh: () => Promise<void>
  arrange: (change: (order: Order) => Order) => Promise<void>
  archive: (tag: Tag) => Promise<boolean>
  restore: (id: string, group: boolean) => Promise<void>
}

export function useTags(): Tags {
  const live = useSnapshot<Book>(
    () => 'tags',
    () => ask(TagsQuery, {}),
  )
  const acting = useActing()
  /** As somebody has just put them, until the server says so. */
  const order = ref<Order | null>(null)
  const known = computed(() => live.base.value?.tagGroups ?? [])
  const groups = computed(() => arranged(known.value, order.value ?? orderOf(known.value)))
  const archived = computed(() => [
    ...known.value.filter((one) => one.archivedAt).map(({ id, name }) => ({ id, name, group: true })),
    ...known.value
      .flatMap(({ tags }) => tags)
      .filter((one) => one.archivedAt && !one.mergedIntoId)
      .map(({ id, name }) => ({ id, name, group: false })),
  ])

  async function arrange(change: (order: Order) => Order): Promise<void> {
    const before = order.value ?? orderOf(known.value)
    const wanted = change(before)
    if (JSON.stringify(wanted) === JSON.stringify(before)) return
    order.value = wanted
    await acting.act(ArrangeTags, { groups: wanted })
    await live.refresh()
    order.value = null
  }
  async function restore(id: string, group: boolean): Promise<void> {
    const done = group ? await acting.act(RestoreTagGroup, { id }) : await acting.act(RestoreTag, { id })
    if (done) await live.refresh()
  }
  async function archive(tag: Tag): Promise<boolean> {
    if (!(await acting.act(ArchiveTag, { id: tag.id }))) return false
    say(m('archived', { name: tag.name }), { label: m('undo'), run: () => void restore(tag.id, false) })
    await live.refresh()
    return true
  }
  return {
    book: live.base,
    groups,
    archived,
    trouble: live.trouble,
    acting,
    refresh: live.refresh,
    arrange,
    archive,
    restore,
  }
}
