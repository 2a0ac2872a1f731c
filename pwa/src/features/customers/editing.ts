/* The customer form from opening to kept: where its values come from, drafts while typing, the server's answer. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { entries } from '@/shared/graphql/outbox.ts'
import { homeStore, me, staffId } from '@/shared/graphql/session.ts'
import type { Trouble } from '@/shared/graphql/snapshot.ts'
import { globalId, uuid7 } from '@/shared/lib/ids.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { dropDraft, readDraft, writeDraft } from '@/shared/offline/snapshots.ts'
import { personName } from '@/shared/ui/people.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import { useKeeping } from './fetching.ts'
import type { Draft } from './filling.ts'
import { EMPTY, type Troubles, troubles, type Values } from './form.ts'
import type { Conflict, Existing } from './edit.operations.ts'
import type { Claim } from './numbers.operations.ts'
import type { Template } from './profile/operations.ts'
import { ownFields, useTemplate } from './profile/template.ts'
import type { Typed } from './save.ts'

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
  const currency = () => me.value?.brand.currency ?? 'CNY'

  const customer = computed(() => source.value?.customer.value ?? null)
  const texts = computed(() => Object.fromEntries((customer.value?.values ?? []).map(({ key, text }) => [key, text])))
  const typed = (): Typed => {
    const said = (customer.value?.values ?? []).filter(({ content }) => content.length === 1)
    const known = Object.fromEntries(said.map(({ content, text }) => [content[0], text]))
    const version = template.value?.version ?? null
    return {
      version,
      fields: ownFields(template.value),
      currency: currency(),
      names: { ...known, ...names },
    }
  }
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

  async function finish(path: string, words: string | null): Promise<void> {
    left = true
    clearTimeout(pause)
    await dropDraft(staff, draftKey)
    if (words) say(words)
    await (after.then ? after.then(newId.value) : router.replace(path))
  }

  async function same(): Promise<void> {
    if (!existing.value?.id || !after.same) return
    await after.same(existing.value.id, existing.value.name)
    left = true
    clearTimeout(pause)
    await dropDraft(staff, draftKey)
  }

  async function keepWrite(write: () => Promise<Entry | null>, path: string): Promise<void> {
    if (busy.value) return
    busy.value = true
    clearTimeout(pause)
    try {
      const made = await write()
      const now = made ? await (await keeping()).outcome(made) : null
      answered.value = now
      if (now?.state !== 'rejected')
        await finish(path, t(now && now.state !== 'sent' ? 'form.saved.offline' : 'form.saved'))
    } catch {
      warn(t('outcome.unsaved'))
    } finally {
      busy.value = false
    }
  }

  const visit = () => after.visit ?? (entry.value?.input.visitId as string | undefined) ?? null
  async function save(claim?: Claim): Promise<void> {
    const replaces = entry.value ? [entry.value.id] : []
    const instead = { replaces, draft: draftKey }
    if (isNew)
      await keepWrite(async () => {
        const { filed, saveNew } = await keeping()
        const store = homeStore.value?.id ?? null
        return saveNew(newId.value, values.value, store, instead, typed(), { ...claim, ...filed(visit()) })
      }, `/customers/${newId.value}`)
    else if (customer.value) {
      const { id } = customer.value
      await keepWrite(
        async () =>
          (await keeping()).saveEdit(
            id,
            version,
            values.value,
            before.value,
            personName(customer.value!),
            draftKey,
            typed(),
          ),
        `/customers/${known}`,
      )
    }
  }

  const conflicts = computed(() => (rejected.value?.answer?.conflicts as Conflict[] | undefined) ?? [])

  /** Keeps hers where she said so, on top of the version the server has now; drops the rest of the conflict. */
  async function decide(keepMine: string[]): Promise<void> {
    if (!known || !rejected.value) return
    const server = rejected.value.answer?.customer as { version: number } | null | undefined
    const { now, base } = (await keeping()).decided(conflicts.value, keepMine, values.value, before.value)
    const name = rejected.value.about
    const since = server?.version ?? version
    await keepWrite(
      async () => (await keeping()).saveEdit(globalId('Customer', known), since, now, base, name, draftKey, typed()),
      `/customers/${known}`,
    )
  }

  const existing = computed<Shown | null>(
    () => (rejected.value?.answer?.existing as Existing | null | undefined) ?? duplicate.value?.found.value ?? null,
  )

  const problems = computed(() => {
    const asked = template.value && { template: template.value, before: before.value }
    const own = asked ? later.value?.fieldTroubles(values.value, isNew, asked) : {}
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
