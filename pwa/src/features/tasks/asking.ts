/* The outcome sheet's own state: what was chosen, what is kept already, and taking it back. */
import { computed, type ComputedRef, onBeforeUnmount, onMounted, type Ref, ref } from 'vue'
import { unreachable } from '@/shared/graphql/outbox.ts'
import { t, tEnum } from '@/shared/lib/i18n.ts'
import { dismiss, say, warn } from '@/shared/ui/toast.ts'
import { choices } from './followup.ts'
import type { Outcome } from './operations.ts'
import type { TaskView } from './overlay.ts'
import { record, undo } from './record.ts'

export interface Asking {
  chosen: Ref<Outcome | null>
  followUpAt: Ref<string | null>
  note: Ref<string>
  asksWhen: ComputedRef<boolean>
  choose: (outcome: Outcome) => void
  pick: (at: string) => void
  /** Keeps what changed since the last time; `aloud` says so with a way back. */
  keep: (aloud: boolean) => Promise<void>
}

export function useAsking(task: () => TaskView): Asking {
  const { handled, outcome, followUpAt: at, note: words } = task()
  const chosen = ref<Outcome | null>(handled ? outcome : null)
  const followUpAt = ref<string | null>(handled ? at : null)
  const note = ref(handled ? (words ?? '') : '')
  const state = (): string => JSON.stringify([chosen.value, followUpAt.value, note.value.trim()])
  /** What is kept already, so that leaving the sheet does not write the same again. */
  let kept = chosen.value ? state() : ''

  function choose(to: Outcome): void {
    if (to === chosen.value) return
    chosen.value = to
    // "Later" means nothing without a time: the nearest usual one until she picks another.
    followUpAt.value = to === 'LATER' ? (choices('LATER')[0]?.at ?? null) : null
    void keep(true)
  }

  async function keep(aloud: boolean): Promise<void> {
    if (!chosen.value || state() === kept) return
    kept = state()
    const said = tEnum('outcome', chosen.value)
    const details = { outcome: chosen.value, note: note.value.trim(), followUpAt: followUpAt.value }
    try {
      await record(task(), details)
    } catch {
      kept = ''
      warn(t('outcome.unsaved'))
      return
    }
    const offline = unreachable.value || !navigator.onLine
    const sentence = t(offline ? 'outcome.saved.offline' : 'outcome.saved', { outcome: said })
    if (aloud) say(sentence, { label: t('do.undo'), run: () => void takeBack() })
  }

  async function takeBack(): Promise<void> {
    kept = ''
    chosen.value = null
    followUpAt.value = null
    await undo(task())
    say(t('outcome.undone'))
  }

  function pick(to: string): void {
    followUpAt.value = to
    void keep(true)
  }

  function onHidden(): void {
    if (document.visibilityState === 'hidden') void keep(false)
  }
  onMounted(() => {
    dismiss()
    document.addEventListener('visibilitychange', onHidden)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onHidden)
    void keep(false)
  })

  const asksWhen = computed(() => chosen.value === 'VISIT_BOOKED' || chosen.value === 'LATER')
  return { chosen, followUpAt, note, asksWhen, choose, pick, keep }
}
