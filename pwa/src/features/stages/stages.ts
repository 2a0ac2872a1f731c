/* Head office's list of stages while it is edited: a copy that is saved as a whole, or dropped. */
import { computed, type ComputedRef, ref, type Ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import type { ResultOf } from '@/shared/graphql/tada.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import { type Age, SaveLifeStages, type Stage, StagesQuery } from './operations.ts'
import { w } from './words.ts'

export type Draft = Omit<Stage, 'label'>

export interface Editing {
  list: Ref<Draft[] | null>
  changed: ComputedRef<boolean>
  trouble: Ref<Trouble>
  busy: Ref<boolean>
  put: (stage: Draft) => void
  remove: (key: string) => void
  move: (from: number, to: number) => void
  save: () => Promise<void>
  undo: () => void
  refresh: () => Promise<void>
}

const plain = ({ key, kind, active, begins, ends, texts }: Draft): Draft => ({ key, kind, active, begins, ends, texts })
const copy = (stages: readonly Draft[]): Draft[] => JSON.parse(JSON.stringify(stages.map(plain))) as Draft[]

export function useStages(): Editing {
  const live = useSnapshot<ResultOf<typeof StagesQuery>>(
    () => 'life-stages',
    () => ask(StagesQuery, {}),
  )
  const { busy, act } = useActing()
  const list = ref<Draft[] | null>(null)
  const known = computed(() => live.base.value?.lifeStages ?? null)
  const changed = computed(
    () => !!list.value && !!known.value && JSON.stringify(list.value) !== JSON.stringify(copy(known.value.stages)),
  )
  /** The version that the copy was made of. */
  let version = 0

  function undo(): void {
    if (!known.value) return
    list.value = copy(known.value.stages)
    version = known.value.version
  }
  watch(known, () => void (changed.value && list.value && version ? undefined : undo()), { immediate: true })

  function put(stage: Draft): void {
    const stages = list.value ?? []
    const place = stages.findIndex((one) => one.key === stage.key)
    list.value = place < 0 ? [...stages, stage] : stages.with(place, stage)
  }
  function remove(key: string): void {
    list.value = (list.value ?? []).filter((one) => one.key !== key)
  }
  function move(from: number, to: number): void {
    const stages = [...(list.value ?? [])]
    if (to < 0 || to >= stages.length) return
    stages.splice(to, 0, ...stages.splice(from, 1))
    list.value = stages
  }
  async function save(): Promise<void> {
    if (!list.value) return
    const done = await act(SaveLifeStages, { baseVersion: version, stages: list.value })
    if (!done) return
    say(w('saved'))
    await live.refresh()
    undo()
  }
  return { list, changed, trouble: live.trouble, busy, put, remove, move, save, undo, refresh: live.refresh }
}

/** 出生后 28 天 · 满 6 个月 */
export function ageWords({ value, unit }: Age): string {
  if (!value) return w('at_birth')
  const side = value < 0 ? 'before' : 'after'
  return w(unit === 'DAYS' ? `days_${side}` : `months_${side}`, { n: Math.abs(value) })
}

export function spanWords(stage: Draft): string {
  if (stage.kind === 'GRADUATION') return w('beyond', { n: stage.begins.value })
  const from = ageWords(stage.begins)
  return stage.ends ? w('until', { from, to: ageWords(stage.ends) }) : from
}

export function nameOf(stage: Draft, language: string): string {
  const own = stage.texts.find((text) => text.language === (language === 'en' ? 'EN' : 'ZH_CN'))?.label
  return own || stage.texts.find((text) => text.label)?.label || stage.key
}

/** A stage to be filled in, under a key that nobody has to think of. */
export function fresh(kind: Draft['kind']): Draft {
  const texts = (['ZH_CN', 'EN'] as const).map((language) => ({ language, label: '', why: '', say: '' }))
  const key = `own_${Date.now().toString(36)}`
  return { key, kind, active: kind === 'MILESTONE', begins: { value: 1, unit: 'MONTHS' }, ends: null, texts }
}
