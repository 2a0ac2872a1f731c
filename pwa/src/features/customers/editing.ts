/* The customer form from opening to kept: where its values come from, drafts while typing, the server's answer. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { entries } from '@/shared/graphql/outbox.ts'
import { staffId } from '@/shared/graphql/session.ts'
import type { Trouble } from '@/shared/graphql/snapshot.ts'
import { localId, uuid7 } from '@/shared/lib/ids.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { dropDraft, readDraft, writeDraft } from '@/shared/offline/snapshots.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import { type Keeping, useKeeping } from './fetching.ts'
import type { Draft } from './filling.ts'
import { EMPTY, type Troubles, troubles, type Values } from './form.ts'
import type { Conflict, Existing } from './edit.operations.ts'
import type { Form } from './saving.ts'
import type { Claim } from './numbers.operations.ts'
import type { Template } from './profile/operations.ts'
import { useTemplate } from './profile/template.ts'

type Shown = Pick<Existing, 'name' | 'phone' | 'store'> & { id: string | null }

export interface Editing {
  values: Ref<Values>
  /** What the card asks for; null: this device never heard, and asks for what the program knows. */
  template: ComputedRef<Template | null>
  /** How her values read: key -> text. */
  texts: ComputedRef<Record<string, string>>
  /** Ids of what was chosen here -> what it is called. */
  names: Record<string, string>
  problems: ComputedRef<Troubles>
  masked: ComputedRef<string | null>
  isNew: boolean
  ready: ComputedRef<boolean>
  trouble: ComputedRef<Trouble>
  busy: Ref<boolean>
  refusal: ComputedRef<string | null>
  conflicts: ComputedRef<Conflict[]>
  existing: ComputedRef<Shown | null>
  /** `claim`: how to go about a phone that somebody has. */
  save: (claim?: Claim) => Promise<void>
  decide: (keepMine: string[]) => Promise<void>
  opened: () => void
  /** Leads to a field. */
  goTo: (key: string) => Promise<void>
  /** Whoever has the number is meant: what was typed is not wanted any more. */
  same: () => Promise<void>
  retry: () => Promise<void>
}

export interface After {
  /** The visit that she is entered after. */
  visit?: string | null
  /** What to do once she is kept, instead of opening her. */
  then?: (id: string) => Promise<void>
  /** What to do where she turns out to be somebody on file. */
  same?: (id: string, name: string) => Promise<void>
}

const PATIENCE = 1500

/** `known`: UUID of the customer to edit. `entryId`: the waiting or refused write to mend. */
export function useEditing(known: string | null, entryId: string | null, after: After = {}): Editing {
  const router = useRouter()
  const isNew = known === null
  const staff = staffId.value ?? ''
  const draftKey = `customer:${known ?? 'new'}`
  const values = ref<Values>({ ...EMPTY })
  const before = ref<Values>({ ...EMPTY })
  const ready = ref(false)
  const busy = ref(false)
  /** Of the values she started from: the server has news by the time she saves, and must be able to tell. */
  let version = 0
  const newId = ref(uuid7())
  const answered = shallowRef<Entry | null>(null)
  let left = false
  const kept = useTemplate()
  const template = computed(() => kept.base.value?.profileTemplate ?? null)
  /** A form does not wait for a template that is not coming. */
  const waited = ref(false)
  const patience = setTimeout(() => (waited.value = true), PATIENCE)
  const names: Record<string, string> = {}
  const { later, source, duplicate, unfetched, keeping } = useKeeping(known, () => values.value.phone)

  const customer = computed(() => source.value?.customer.value ?? null)
  const texts = computed(() => Object.fromEntries((customer.value?.values ?? []).map(({ key, text }) => [key, text])))
  const entry = computed(() => answered.value ?? entries.value.find((row) => row.id === entryId) ?? null)
  const rejected = computed(() => (entry.value?.state === 'rejected' ? entry.value : null))

  /** Fills the form once: from the write to mend, else from a draft, else from what is known. */
  async function fill(): Promise<void> {
    const draft = entry.value ? null : await readDraft<Draft>(staff, draftKey)
    if (!customer.value && !entry.value && !draft) ready.value = true
    if (ready.value) return
    const { begun } = await keeping()
    if (ready.value) return
    const start = begun(newId.value, customer.value, entry.value, draft)
    newId.value = start.id
    before.value = start.before
    values.value = start.values
    version = start.version
    ready.value = true
  }
  const fillSoon = (): void => void fill().catch(() => undefined)
  void keeping().catch(() => undefined)
  if (isNew) fillSoon()
  else watch(customer, (found) => found && fillSoon(), { immediate: true })

  let pause: ReturnType<typeof setTimeout> | undefined
  function keep(): void {
    if (left || !ready.value || JSON.stringify(values.value) === JSON.stringify(before.value)) return
    const draft: Draft = { id: newId.value, values: values.value, before: before.value, version }
    void writeDraft(staff, draftKey, draft)
  }
  watch(values, () => {
    clearTimeout(pause)
    pause = setTimeout(keep, 200)
  })
  onScopeDispose(() => {
    clearTimeout(pause)
    clearTimeout(patience)
    keep()
  })

  function leave(): Promise<void> {
    left = true
    clearTimeout(pause)
    return dropDraft(staff, draftKey)
  }

  /** `joined`: nobody was entered, who came along is hers. */
  async function finish(words: string, joined?: Shown | null): Promise<void> {
    await leave()
    say(words)
    if (joined?.id) await (after.same?.(joined.id, joined.name) ?? router.replace(`/customers/${localId(joined.id)}`))
    else await (after.then ? after.then(newId.value) : router.replace(`/customers/${known ?? newId.value}`))
  }

  async function same(): Promise<void> {
    if (!existing.value?.id || !after.same) return
    await after.same(existing.value.id, existing.value.name)
    await leave()
  }

  async function keepWrite(write: (by: Keeping) => Promise<Entry | null>, joined?: Shown | null): Promise<void> {
    if (busy.value || (known && !customer.value)) return
    busy.value = true
    clearTimeout(pause)
    try {
      const by = await keeping()
      const made = await write(by)
      const now = made && (await by.outcome(made))
      answered.value = now
      if (now?.state === 'rejected') return
      await finish(t(now && now.state !== 'sent' ? 'form.saved.offline' : 'form.saved'), joined)
    } catch {
      warn(t('outcome.unsaved'))
    } finally {
      busy.value = false
    }
  }

  const form = (): Form => ({
    ...{ id: newId.value, values: values.value, before: before.value, version, names },
    ...{ customer: customer.value, entry: entry.value, template: template.value, draft: draftKey },
    visit: after.visit ?? null,
  })
  const save = (claim?: Claim) =>
    keepWrite(({ saveForm }) => saveForm(form(), claim), claim?.ifTaken === 'SAME' ? existing.value : null)
  const conflicts = computed(() => (rejected.value?.answer?.conflicts as Conflict[] | undefined) ?? [])
  const decide = (keepMine: string[]) => keepWrite(({ saveDecided }) => saveDecided(form(), conflicts.value, keepMine))

  const existing = computed<Shown | null>(
    () => (rejected.value?.answer?.existing as Existing | null | undefined) ?? duplicate.value?.found.value ?? null,
  )

  const problems = computed(() => {
    const asked = template.value && { template: template.value, before: before.value }
    const own = later.value?.fieldTroubles(values.value, isNew, asked)
    return { ...own, ...troubles(values.value, isNew) }
  })
  return {
    values,
    template,
    texts,
    names,
    problems,
    masked: computed(() => customer.value?.phone ?? null),
    isNew,
    ready: computed(() => ready.value && (!!template.value || !!kept.trouble.value || waited.value)),
    trouble: computed(() => source.value?.trouble.value ?? (unfetched.value ? 'unreachable' : null)),
    busy,
    refusal: computed(() =>
      rejected.value && !conflicts.value.length ? rejected.value.reasons?.[0]?.message || t('outbox.refused') : null,
    ),
    conflicts,
    existing,
    save,
    decide,
    opened: () => keep(),
    goTo: async (key) => (await keeping()).goTo(key),
    same,
    retry: () =>
      keeping()
        .then(() => Promise.all([fill(), source.value?.refresh()]))
        .then(
          () => undefined,
          () => undefined,
        ),
  }
}
