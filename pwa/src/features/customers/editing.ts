/* The customer form from opening to kept: where its values come from, drafts while typing, the server's answer. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { entries } from '@/shared/graphql/outbox.ts'
import { homeStore, staffId } from '@/shared/graphql/session.ts'
import { type Live, type Trouble, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { ask } from '@/shared/graphql/client.ts'
import { globalId, uuid7 } from '@/shared/lib/ids.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { dropDraft, readDraft, writeDraft } from '@/shared/offline/snapshots.ts'
import { personName } from '@/shared/ui/people.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import { useDuplicate } from './duplicate.ts'
import { EMPTY, type Troubles, troubles, typedOver, type Values, valuesOf, valuesOfInput } from './form.ts'
import { type Conflict, CustomerForEdit, type Existing } from './edit.operations.ts'
import type { Claim } from './numbers.operations.ts'
import type { Detail } from './operations.ts'
import { overlaidDetail } from './overlay.ts'
import { filed, outcome, saveEdit, saveNew } from './save.ts'

interface Draft {
  id: string
  values: Values
  /** What she started from, and which version that was. */
  before: Values
  version: number
}

type Known = { customer: Detail | null }
type Shown = Pick<Existing, 'name' | 'phone' | 'store'> & { id: string | null }

export interface Editing {
  values: Ref<Values>
  problems: ComputedRef<Troubles>
  masked: ComputedRef<string | null>
  isNew: boolean
  ready: Ref<boolean>
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

/** `known`: UUID of the customer to edit. `entryId`: the waiting or refused write to mend. */
export function useEditing(known: string | null, entryId: string | null, after: After = {}): Editing {
  const router = useRouter()
  const isNew = known === null
  const staff = staffId.value ?? ''
  const draftKey = `customer:${known ?? 'new'}`
  const live: Live<Known> | null = known
    ? useSnapshot<Known>(
        () => `customer:${known}`,
        () => ask(CustomerForEdit, { id: globalId('Customer', known) }),
        () => 'read',
      )
    : null
  const values = ref<Values>({ ...EMPTY })
  const before = ref<Values>({ ...EMPTY })
  const ready = ref(false)
  const busy = ref(false)
  /** Of the values she started from: the server has news by the time she saves, and must be able to tell. */
  let version = 0
  const newId = ref(uuid7())
  const answered = shallowRef<Entry | null>(null)
  let left = false

  const customer = computed(() =>
    known ? overlaidDetail(live?.base.value?.customer ?? null, known, live?.layOver.value ?? []) : null,
  )
  const entry = computed(() => answered.value ?? entries.value.find((row) => row.id === entryId) ?? null)
  const rejected = computed(() => (entry.value?.state === 'rejected' ? entry.value : null))

  /** Fills the form once: from the write to mend, else from a draft, else from what is known. */
  async function fill(): Promise<void> {
    if (ready.value) return
    if (customer.value) {
      before.value = valuesOf(customer.value)
      version = customer.value.version
    }
    values.value = { ...before.value }
    const draft = entry.value ? null : await readDraft<Draft>(staff, draftKey)
    if (entry.value && isNew) {
      newId.value = String(entry.value.input.id)
      values.value = valuesOfInput(entry.value.input)
    } else if (entry.value) {
      const { birthDate, ...input } = entry.value.input
      const said = birthDate === undefined ? input : { ...input, birthday: birthDate }
      const own = Object.entries(said).filter(([field]) => field in EMPTY)
      values.value = {
        ...values.value,
        ...(Object.fromEntries(own.map(([field, value]) => [field, value ?? ''])) as Partial<Values>),
      }
    } else if (draft) {
      newId.value = draft.id
      values.value = typedOver(before.value, { ...EMPTY, ...draft.values }, { ...EMPTY, ...draft.before })
      version = draft.version
    }
    ready.value = true
  }
  if (isNew) void fill()
  else watch(customer, (found) => void (found && fill()), { immediate: true })

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
      const now = made ? await outcome(made) : null
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
      await keepWrite(
        () => saveNew(newId.value, values.value, homeStore.value?.id ?? null, instead, { ...claim, ...filed(visit()) }),
        `/customers/${newId.value}`,
      )
    else if (customer.value) {
      const { id } = customer.value
      await keepWrite(
        () => saveEdit(id, version, values.value, before.value, personName(customer.value!), draftKey),
        `/customers/${known}`,
      )
    }
  }

  const conflicts = computed(() => (rejected.value?.answer?.conflicts as Conflict[] | undefined) ?? [])

  /** Keeps hers where she said so, on top of the version the server has now; drops the rest of the conflict. */
  async function decide(keepMine: string[]): Promise<void> {
    if (!known || !rejected.value) return
    const server = rejected.value.answer?.customer as { version: number } | null | undefined
    const theirs = new Set(conflicts.value.map((c) => c.field).filter((field) => !keepMine.includes(field)))
    const base = { ...before.value }
    const now = { ...values.value }
    for (const { field, theirs: value } of conflicts.value) {
      base[field as 'name'] = value ?? ''
      if (theirs.has(field)) now[field as 'name'] = value ?? ''
    }
    const name = rejected.value.about
    await keepWrite(
      () => saveEdit(globalId('Customer', known), server?.version ?? version, now, base, name, draftKey),
      `/customers/${known}`,
    )
  }

  const duplicate = useDuplicate(
    () => values.value.phone,
    () => isNew,
  )
  const existing = computed<Shown | null>(
    () => (rejected.value?.answer?.existing as Existing | null | undefined) ?? duplicate.found.value,
  )

  return {
    values,
    problems: computed(() => troubles(values.value, isNew)),
    masked: computed(() => customer.value?.phone ?? null),
    isNew,
    ready,
    trouble: computed(() => live?.trouble.value ?? null),
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
    retry: async () => live?.refresh(),
  }
}
