/* What the board says of itself: where, as of when, and, for who does not see it, what has changed. */
import { computed, type ComputedRef, type Ref, ref, watch } from 'vue'
import { me } from '@/shared/graphql/session.ts'
import { clock } from '@/shared/lib/dates.ts'
import { t } from '@/shared/lib/i18n.ts'
import { learn, nameFor } from './names.ts'
import type { Board } from './operations.ts'
import { type Behind, keyOf, NO_REGION, type Scope } from './scope.ts'

export interface BoardWords {
  /** 杭州一区 · 6 家店 · 14:20 */
  place: ComputedRef<string>
  /** Whose cards a pane shows. */
  nameOf: (what: Partial<Behind>) => string
  /** Said aloud when numbers have changed under the reader. */
  heard: Ref<string>
}

const regionName = (id: string | null | undefined) => (id === NO_REGION ? t('board.noregion') : nameFor(id))

export function useBoardWords(board: Ref<Board | null>, scope: Readonly<Ref<Scope>>): BoardWords {
  const heard = ref('')

  watch(me, (now) => learn(...(now?.stores ?? [])), { immediate: true })
  watch([board, () => keyOf(scope.value)] as const, ([now, key], [before, was]) => {
    if (!now || !before || key !== was) return
    const { done, late } = now.counts
    if (done !== before.counts.done || late !== before.counts.late) heard.value = t('board.changed', { done, late })
  })

  const home = computed(() => {
    const { region, store } = scope.value
    const stores = me.value?.stores ?? []
    const chosen = nameFor(store) || regionName(region)
    if (chosen) return chosen
    if (stores.length === 1) return stores[0]!.name
    const regions = new Set(me.value?.roles.map((one) => one.region).filter(Boolean))
    return regions.size === 1 ? [...regions][0]! : (me.value?.brand.name ?? '')
  })
  const place = computed(() => {
    if (!board.value) return home.value
    const n = board.value.rows.filter((row) => scope.value.by !== 'GUIDE' || row.staff).length
    return [home.value, t(`board.n.${scope.value.by}`, { n }), clock(board.value.asOf)].join(' · ')
  })

  function nameOf(what: Partial<Behind>): string {
    const parts = [
      nameFor(what.reason),
      what.pool ? t('board.pool') : nameFor(what.staff),
      nameFor(what.store) || regionName(what.region),
    ].filter(Boolean)
    return parts.join(' · ') || home.value
  }
  return { place, nameOf, heard }
}
