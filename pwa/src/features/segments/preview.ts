/* What a rule would find, asked while it is being changed: once it rests, the latest question alone. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { ask, SignInNeeded, Unreachable } from '@/shared/graphql/client.ts'
import { verify } from '@/shared/graphql/session.ts'
import { type Preview, SegmentPreviewQuery } from './operations.ts'
import { type Group, placed, type Written, written } from './tree.ts'

/** ms without a change before the server is asked. */
export const REST = 400

export interface Previewing {
  /** The last answer to a rule that holds together. */
  found: Ref<Preview | null>
  /** What is shown is of an older rule; a newer answer is on its way, or something is to be mended first. */
  stale: Ref<boolean>
  busy: Ref<boolean>
  trouble: Ref<'unreachable' | 'refused' | null>
  /** id of an item -> what is to be mended there. */
  troubles: ComputedRef<Map<string, string>>
  /** id of a condition -> how many fit it by itself. */
  counts: ComputedRef<Map<string, number>>
  refresh: () => void
}

export function usePreview(root: Ref<Group | null>): Previewing {
  const found = shallowRef<Preview | null>(null)
  const of = shallowRef<Written | null>(null)
  const wrong = shallowRef<{ field: string | null; message: string; of: Written } | null>(null)
  const stale = ref(false)
  const busy = ref(false)
  const trouble = ref<'unreachable' | 'refused' | null>(null)
  let turn = 0
  let asked = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  async function question(said: Written): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const { segmentPreview } = await ask(SegmentPreviewQuery, { tree: said.tree })
      if (mine !== turn) return
      trouble.value = null
      const [refusal] = segmentPreview.userErrors
      wrong.value = refusal ? { field: refusal.field, message: refusal.message, of: said } : null
      if (refusal) return
      found.value = segmentPreview
      of.value = said
      stale.value = false
    } catch (error) {
      if (mine !== turn) return
      trouble.value = error instanceof Unreachable ? 'unreachable' : 'refused'
      if (error instanceof SignInNeeded) void verify().catch(() => undefined)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  function refresh(): void {
    if (root.value) void question(written(root.value))
  }
  watch(
    root,
    (now, before) => {
      if (!now) return
      const said = written(now)
      const text = JSON.stringify(said.tree)
      if (text === asked) return
      asked = text
      // An answer to the rule as it was is no answer any more.
      turn++
      stale.value = true
      wrong.value = null
      clearTimeout(timer)
      busy.value = true
      timer = setTimeout(() => void question(said), before ? REST : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    turn++
    clearTimeout(timer)
  })

  const troubles = computed(() => {
    const at = wrong.value && (placed(wrong.value.field, wrong.value.of.places) ?? root.value?.id)
    return new Map(at && wrong.value ? [[at, wrong.value.message]] : [])
  })
  const counts = computed(() => new Map((of.value?.order ?? []).map((id, n) => [id, found.value?.each[n] ?? 0])))
  return { found, stale, busy, trouble, troubles, counts, refresh }
}
