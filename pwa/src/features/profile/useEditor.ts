/* The template under head office's hands: loaded, changed, saved whole; a draft of it outlives the page. */
import { computed, type ComputedRef, ref, type Ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { t } from '@/shared/lib/i18n.ts'
import { dropDraft, readDraft, writeDraft } from '@/shared/offline/snapshots.ts'
import { type Acting, useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import { type Draft, draftOf, inputOf, rebased, same } from './editor.ts'
import { SaveTemplate, TemplateQuery, type Whole } from './operations.ts'

const KEY = 'card-template'

export interface Editor {
  draft: Ref<Draft | null>
  changed: ComputedRef<boolean>
  /** Somebody saved meanwhile; hers lies on top of it now. */
  overtaken: Ref<boolean>
  busy: Ref<boolean>
  trouble: Ref<string | null>
  failed: Live<unknown>['trouble']
  refresh: () => Promise<void>
  save: () => Promise<void>
  discard: () => void
}

export function useEditor(): Editor {
  const live = useSnapshot<{ profileTemplate: Whole }>(
    () => 'card-template:edit',
    () => ask(TemplateQuery, {}),
  )
  const acting: Acting = useActing()
  const base = shallowRef<Whole | null>(null)
  const draft = ref<Draft | null>(null)
  const overtaken = ref(false)
  const changed = computed(() => !!draft.value && !!base.value && !same(draft.value, draftOf(base.value)))

  /** A newer version under what she has done so far; what this device kept may come after what the server said. */
  function adopt(template: Whole): void {
    const known = base.value?.version ?? 0
    if (template.version < known || (template.version === known && draft.value)) return
    const mine = draft.value
    const before = base.value
    base.value = template
    draft.value = mine && before ? rebased(draftOf(before), draftOf(template), mine) : draftOf(template)
  }
  watch(
    live.base,
    async (found) => {
      if (!found) return
      if (!draft.value && staffId.value) {
        const typed = await readDraft<{ base: Whole; draft: Draft }>(staffId.value, KEY)
        if (typed && !draft.value) {
          base.value = typed.base
          draft.value = typed.draft
        }
      }
      adopt(found.profileTemplate)
    },
    { immediate: true },
  )
  let pause: ReturnType<typeof setTimeout> | undefined
  watch(draft, () => {
    clearTimeout(pause)
    pause = setTimeout(() => {
      if (!staffId.value) return
      void (changed.value
        ? writeDraft(staffId.value, KEY, { base: base.value, draft: draft.value })
        : dropDraft(staffId.value, KEY))
    }, 300)
  })

  async function save(): Promise<void> {
    if (!draft.value || !base.value) return
    const done = await acting.act(SaveTemplate, inputOf(draft.value, base.value.version))
    if (!done) {
      // Somebody else was first: the newest is fetched, and nothing that was typed is lost.
      if (acting.field.value === 'baseVersion') {
        overtaken.value = true
        await live.refresh()
      }
      return
    }
    overtaken.value = false
    // At once: a page that is opened again in this moment would lay the older half of it over what was saved.
    clearTimeout(pause)
    if (staffId.value) await dropDraft(staffId.value, KEY)
    draft.value = null
    if (done.template) adopt(done.template)
    say(t('template.saved'))
    void live.refresh()
  }
  function discard(): void {
    if (base.value) draft.value = draftOf(base.value)
    overtaken.value = false
    acting.trouble.value = null
  }
  const { busy, trouble } = acting
  return { draft, changed, overtaken, busy, trouble, failed: live.trouble, refresh: live.refresh, save, discard }
}
