/* The eight cells as they stand, and head office's configuration of them while it is edited. */
import { computed, type ComputedRef, onScopeDispose, ref, type Ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { verify } from '@/shared/graphql/session.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import { standing } from './cuts.ts'
import {
  type Config,
  type ConfigAnswer,
  type Preview,
  RfmCellsQuery,
  RfmConfigQuery,
  RfmPreviewQuery,
  type RfmBoard,
  SaveRfmCells,
  SaveRfmConfig,
} from './operations.ts'
import { w } from './words.ts'

/** Columns share R and F; the rows are M. */
export const ORDER = ['HHH', 'HLH', 'LHH', 'LLH', 'HHL', 'HLL', 'LHL', 'LLL'] as const
export type Cell = (typeof ORDER)[number]
const PAUSE = 500

export const useRfm = (): Live<RfmBoard> =>
  useSnapshot<RfmBoard>(
    () => 'rfm-cells',
    async () => (await ask(RfmCellsQuery, {})).rfmCells,
  )

export interface CellWords {
  names: { zhCn: string; en: string }
  playbooks: { zhCn: string; en: string }
}

/** Saves what one cell is called; whether it was done. */
export function useNaming(): {
  busy: Ref<boolean>
  save: (v: number, cell: Cell, words: CellWords) => Promise<boolean>
} {
  const { busy, act } = useActing()
  async function save(baseVersion: number, cell: Cell, words: CellWords): Promise<boolean> {
    if (!(await act(SaveRfmCells, { baseVersion, cells: [{ cell, ...words }] }))) return false
    say(w('saved'))
    await verify().catch(() => undefined) // every screen calls it so from now on
    return true
  }
  return { busy, save }
}

export interface Configuring {
  live: Live<ConfigAnswer>
  draft: Ref<Config | null>
  changed: ComputedRef<boolean>
  preview: Ref<Preview | null>
  counting: Ref<boolean>
  busy: Ref<boolean>
  undo: () => void
  save: () => Promise<boolean>
}

export function useConfig(): Configuring {
  const live = useSnapshot<ConfigAnswer>(
    () => 'rfm-config',
    () => ask(RfmConfigQuery, {}),
  )
  const { busy, act } = useActing()
  const draft = ref<Config | null>(null)
  const preview = ref<Preview | null>(null)
  const counting = ref(false)
  const known = computed(() => live.base.value?.rfmConfig ?? null)
  const changed = computed(
    () => !!draft.value && !!known.value && JSON.stringify(draft.value) !== JSON.stringify(standing(known.value)),
  )
  let turn = 0
  let pause: ReturnType<typeof setTimeout> | undefined

  function undo(): void {
    draft.value = known.value ? standing(known.value) : null
  }
  async function look(config: Config): Promise<void> {
    const mine = ++turn
    counting.value = true
    const found = await ask(RfmPreviewQuery, { config }).catch(() => null)
    if (mine !== turn) return // an older question's answer
    if (found) preview.value = found.rfmPreview
    counting.value = false
  }
  async function save(): Promise<boolean> {
    if (!draft.value || !known.value) return false
    if (!(await act(SaveRfmConfig, { baseVersion: known.value.version, config: draft.value }))) return false
    say(w('config_saved'))
    await live.refresh()
    return true
  }
  watch(known, () => void (draft.value || undo()), { immediate: true })
  watch(
    draft,
    (now, before) => {
      clearTimeout(pause)
      if (now) pause = setTimeout(() => void look(now), before ? PAUSE : 0)
    },
    { deep: true },
  )
  onScopeDispose(() => clearTimeout(pause))
  return { live, draft, changed, preview, counting, busy, undo, save }
}
