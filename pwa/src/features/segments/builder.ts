/* A segment under head office's hands: loaded, changed, saved; a draft of it outlives the page. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { globalId, uuid7 } from '@/shared/lib/ids.ts'
import { dropDraft, readDraft, writeDraft } from '@/shared/offline/snapshots.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { SaveSegment, type Segment, SegmentQuery } from './operations.ts'
import { ruleOf, type Starter } from './starters.ts'
import { type Group, rootOf, written } from './tree.ts'

export interface SegmentDraft {
  name: string
  note: string
  root: Group
}
interface Kept {
  base: Segment | null
  draft: SegmentDraft
}
export interface Builder {
  draft: Ref<SegmentDraft | null>
  /** As it stood when she began; null: it is new. */
  base: Ref<Segment | null>
  changed: ComputedRef<boolean>
  /** As somebody else saved it meanwhile. */
  theirs: Ref<Segment | null>
  missing: ComputedRef<boolean>
  failed: Ref<Trouble>
  busy: Ref<boolean>
  trouble: Ref<string | null>
  field: Ref<string | null>
  refresh: () => Promise<void>
  /** The segment as it was saved; null: it was not. */
  save: () => Promise<Segment | null>
  /** Back to what stands, or to nothing. */
  discard: () => Promise<void>
  /** Of two versions: hers over theirs, or theirs. */
  settle: (mine: boolean) => void
}

const draftOf = (segment: Segment): SegmentDraft => ({
  name: segment.name,
  note: segment.note ?? '',
  root: rootOf(segment.tree, uuid7),
})
const said = ({ name, note, root }: SegmentDraft): string => JSON.stringify([name, note, written(root).tree])

export function useBuilder(id: string | null, start: Starter | null, startName: string): Builder {
  const key = id || !start ? `segment:${id ?? 'new'}` : `segment:new:${start}`
  const live = useSnapshot<Segment | null>(
    () => key,
    async () => (id ? ((await ask(SegmentQuery, { id: globalId('Segment', id) })).segment ?? null) : null),
    () => 'no',
  )
  const acting = useActing()
  const draft = ref<SegmentDraft | null>(null)
  const base = shallowRef<Segment | null>(null)
  const theirs = shallowRef<Segment | null>(null)
  const first = (): SegmentDraft => ({ name: startName, note: '', root: rootOf(ruleOf(start), uuid7) })
  const begun = computed(() => (base.value ? draftOf(base.value) : first()))
  const changed = computed(() => !!draft.value && said(draft.value) !== said(begun.value))
  let ready = false

  async function begin(now: Segment | null): Promise<void> {
    if (draft.value) {
      if (now && base.value && now.version > base.value.version && !changed.value) adopt(now)
      return
    }
    const typed = staffId.value ? await readDraft<Kept>(staffId.value, key).catch(() => null) : null
    if (draft.value) return
    if (typed) {
      base.value = typed.base
      draft.value = typed.draft
      if (now && typed.base && now.version > typed.base.version) theirs.value = now
    } else if (now || !id) adopt(now)
    ready = true
  }
  function adopt(now: Segment | null): void {
    base.value = now
    draft.value = now ? draftOf(now) : first()
  }
  watch([live.base, live.loading], ([now, loading]) => (now || !id || !loading) && void begin(now), { immediate: true })

  let pause: ReturnType<typeof setTimeout> | undefined
  function keep(): void {
    clearTimeout(pause)
    if (!ready || !staffId.value || !draft.value) return
    void (changed.value
      ? writeDraft(staffId.value, key, { base: base.value, draft: draft.value })
      : dropDraft(staffId.value, key))
  }
  watch(draft, () => {
    clearTimeout(pause)
    pause = setTimeout(keep, 300)
  })
  onScopeDispose(keep)

  async function forget(): Promise<void> {
    clearTimeout(pause)
    ready = false
    if (staffId.value) await dropDraft(staffId.value, key)
  }
  async function save(): Promise<Segment | null> {
    const now = draft.value
    if (!now) return null
    const done = await acting.act(SaveSegment, {
      name: now.name,
      note: now.note || null,
      tree: written(now.root).tree,
      id: base.value?.id ?? null,
      baseVersion: base.value?.version ?? null,
    })
    if (done?.segment) {
      await forget()
      base.value = done.segment
      return done.segment
    }
    // Somebody else was first: what she saved is fetched, and nothing that was done here is lost.
    if (acting.field.value === 'baseVersion' && id)
      theirs.value = (await ask(SegmentQuery, { id: globalId('Segment', id) }).catch(() => null))?.segment ?? null
    return null
  }
  async function discard(): Promise<void> {
    await forget()
    const now = theirs.value ?? base.value
    theirs.value = null
    adopt(now)
    ready = true
  }
  function settle(mine: boolean): void {
    if (!theirs.value) return
    if (mine) base.value = theirs.value
    else adopt(theirs.value)
    theirs.value = null
    keep()
  }
  const { busy, trouble, field } = acting
  const missing = computed(() => !!id && !live.loading.value && !live.trouble.value && !live.base.value)
  return {
    ...{ draft, base, changed, theirs, missing, busy, trouble, field, save, discard, settle },
    failed: live.trouble,
    refresh: live.refresh,
  }
}
