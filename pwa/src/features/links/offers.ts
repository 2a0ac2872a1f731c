/* Head office's list of what is given for filling in, while it is edited. */
import { computed, type ComputedRef, ref, type Ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import type { ResultOf } from '@/shared/graphql/tada.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import { OffersQuery, SaveOffers } from './operations.ts'
import { w } from './words.ts'

export const MOST = 8

export interface Offer {
  /** Null: it is new. */
  key: string | null
  zh: string
  en: string
}

export interface Editing {
  list: Ref<Offer[] | null>
  /** What the page may ask beside the basics, and what it is to ask. */
  fields: ComputedRef<readonly { key: string; label: string }[]>
  asked: Ref<Set<string>>
  toggle: (key: string) => void
  changed: ComputedRef<boolean>
  full: ComputedRef<boolean>
  trouble: Ref<Trouble>
  wrong: Ref<string | null>
  busy: Ref<boolean>
  add: () => void
  remove: (place: number) => void
  save: () => Promise<void>
  refresh: () => Promise<void>
}

export function useOffers(): Editing {
  const live = useSnapshot<ResultOf<typeof OffersQuery>>(
    () => 'link-offers',
    () => ask(OffersQuery, {}),
  )
  const { busy, trouble: wrong, act } = useActing()
  const list = ref<Offer[] | null>(null)
  const known = computed(() => live.base.value?.linkOffers ?? null)
  const copy = (): Offer[] => known.value!.offers.map(({ key, zh, en }) => ({ key, zh: zh ?? '', en: en ?? '' }))
  const asked = ref(new Set<string>())
  const before = (): string[] => known.value!.fields.filter((field) => field.asked).map((field) => field.key)
  const changed = computed(
    () =>
      !!known.value &&
      (JSON.stringify(list.value) !== JSON.stringify(copy()) ||
        JSON.stringify([...asked.value].sort()) !== JSON.stringify(before().sort())),
  )
  /** The version that the copy was made of; null: none yet. */
  let version: number | null = null

  function fresh(): void {
    if (!known.value) return
    list.value = copy()
    asked.value = new Set(before())
    version = known.value.version
  }
  watch(known, () => void (version === null || !changed.value ? fresh() : undefined), { immediate: true })

  async function save(): Promise<void> {
    if (version === null) return
    const offers = list.value!.filter((offer) => offer.zh.trim() || offer.en.trim())
    const done = await act(SaveOffers, { baseVersion: version, offers, fields: [...asked.value] })
    if (!done) return
    say(w('saved'))
    await live.refresh()
    fresh()
  }
  function toggle(key: string): void {
    const next = new Set(asked.value)
    if (!next.delete(key)) next.add(key)
    asked.value = next
  }
  return {
    list,
    fields: computed(() => known.value?.fields ?? []),
    asked,
    toggle,
    changed,
    full: computed(() => (list.value?.length ?? 0) >= MOST),
    trouble: live.trouble,
    wrong,
    busy,
    add: () => list.value?.push({ key: null, zh: '', en: '' }),
    remove: (place) => list.value?.splice(place, 1),
    save,
    refresh: live.refresh,
  }
}
