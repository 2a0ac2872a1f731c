/* A family's children with the writes of this device over them, and the ways to write. */
import { computed, type ComputedRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { entries, write } from '@/shared/graphql/outbox.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import type { ResultOf } from '@/shared/graphql/tada.ts'
import { dayOf } from '@/shared/lib/dates.ts'
import { t } from '@/shared/lib/i18n.ts'
import { globalId, localId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import {
  AddDependant,
  type Child,
  ConfirmBirth,
  FamilyQuery,
  RemoveDependant,
  RestoreDependant,
  ResumeMilestones,
  StopMilestones,
  UpdateDependant,
} from './operations.ts'
import { w } from './words.ts'

export interface ChildView extends Child {
  pending: boolean
}

export interface ChildValues {
  name: string
  gender: Child['gender']
  bornOn: string | null
  dueOn: string | null
}

/** What was typed into head office's own fields about a child: what changed, and how a write of it reads. */
export interface OwnSaid {
  values: { key: string; content: string[] }[]
  /** Of the template that was typed into; null: this device has none. */
  version: number | null
  words: Record<string, string>
  /** Keys of what does not stay on this device in full. */
  secret: string[]
  fits: boolean
}

export function childName(child: { name: string | null }): string {
  return child.name || w('child')
}

const about = (customerId: string, name: string | null, own?: OwnSaid | null) => ({
  entity: `Customer:${localId(customerId)}`,
  about: childName({ name }),
  ...(own?.values.length ? { words: own.words } : {}),
  ...(own?.secret.length ? { secret: own.secret } : {}),
})
const typed = (own: OwnSaid | null) =>
  own?.values.length ? { values: own.values, ...(own.version === null ? {} : { templateVersion: own.version }) } : {}

interface Entered extends Partial<ChildValues> {
  id: string
}

function born({ id, name, gender, bornOn, dueOn }: Entered): ChildView {
  const said = { name: name || null, gender: gender ?? 'UNKNOWN', bornOn: bornOn ?? null, dueOn: dueOn ?? null }
  const unknown = { stoppedAt: null, stage: null, nextMilestone: null, values: [], version: 1 }
  return { ...said, ...unknown, id: globalId('Dependant', id), pending: true }
}

/** Its values with those of a write over them, in words as they were when it was kept. */
function valuesOver(known: Child['values'] | undefined, { input, words }: Entry): Child['values'] {
  const said = (input.values as OwnSaid['values'] | undefined) ?? []
  const kept = (known ?? []).filter(({ key }) => !said.some((one) => one.key === key))
  return [...kept, ...said.filter(({ key }) => words?.[key]).map((one) => ({ ...one, text: words![one.key]! }))]
}

/** A write laid over a child; what only the server can tell of another day is left open. */
function laid(child: ChildView, entry: Entry): ChildView | null {
  const { op, input, createdAt } = entry
  const next = { ...child, pending: true, version: child.version + 1 }
  const moved = { stage: null, nextMilestone: null }
  if (op === 'UpdateDependant') {
    const { bornOn, dueOn, name, gender } = input as Partial<ChildValues>
    const days = bornOn ? { bornOn, dueOn: null, ...moved } : dueOn ? { dueOn, bornOn: null, ...moved } : {}
    const values = valuesOver(child.values, entry)
    return {
      ...next,
      ...days,
      values,
      ...('name' in input ? { name: name || null } : {}),
      ...(gender ? { gender } : {}),
    }
  }
  if (op === 'ConfirmBirth')
    return { ...next, bornOn: String(input.bornOn ?? dayOf(new Date(createdAt))), dueOn: null, ...moved }
  if (op === 'StopMilestones') return { ...next, stoppedAt: new Date(createdAt).toISOString(), nextMilestone: null }
  if (op === 'ResumeMilestones') return { ...next, stoppedAt: null }
  return op === 'RemoveDependant' ? null : child
}

export function overlaidChildren(known: readonly Child[], customerId: string, over: readonly Entry[]): ChildView[] {
  const family = new Map<string, ChildView>(known.map((child) => [localId(child.id), { ...child, pending: false }]))
  for (const entry of over) {
    if (entry.entity !== `Customer:${localId(customerId)}` || entry.state === 'rejected') continue
    // With their mother.
    for (const one of (entry.op === 'CreateCustomer' && (entry.input.children as Entered[] | undefined)) || [])
      if (!family.has(one.id)) family.set(one.id, born(one))
    const key = localId(String(entry.input.id ?? ''))
    const child = family.get(key)
    if (entry.op === 'AddDependant') {
      const made = born(entry.input as unknown as Entered)
      if (!child) family.set(key, { ...made, values: valuesOver([], entry) })
    } else if (child) {
      const next = laid(child, entry)
      if (next) family.set(key, next)
      else family.delete(key)
    }
  }
  return [...family.values()]
}

type Family = ResultOf<typeof FamilyQuery>

export function useFamily(customerId: string): Live<Family> & { children: ComputedRef<ChildView[]> } {
  const live = useSnapshot<Family>(
    () => `family:${localId(customerId)}`,
    () => ask(FamilyQuery, { id: globalId('Customer', localId(customerId)) }),
  )
  const children = computed(() =>
    overlaidChildren(live.base.value?.customer?.dependants ?? [], customerId, live.layOver.value),
  )
  return { ...live, children }
}

async function kept(writing: () => Promise<unknown>): Promise<boolean> {
  try {
    await writing()
    return true
  } catch {
    warn(t('outcome.unsaved'))
    return false
  }
}

/** `id`: made when the form was opened. Follows the write that makes its mother. */
export function addChild(
  customerId: string,
  id: string,
  said: ChildValues,
  own: OwnSaid | null = null,
): Promise<boolean> {
  const customer = globalId('Customer', localId(customerId))
  // Who has the form with head office's fields is asked for what is required, even where nothing was typed.
  const whole = own && own.version !== null ? { values: [], templateVersion: own.version } : {}
  const input = { id, customerId: customer, ...said, name: said.name.trim() || null, ...whole, ...typed(own) }
  return kept(() => write(AddDependant, input, about(customerId, said.name.trim(), own)))
}

/** Sends only what changed; true: kept, or there was nothing to. */
export async function saveChild(
  customerId: string,
  child: ChildView,
  said: ChildValues,
  own: OwnSaid | null = null,
): Promise<boolean> {
  const name = said.name.trim() || null
  const input = {
    ...(name === child.name ? {} : { name }),
    ...(said.gender === child.gender ? {} : { gender: said.gender }),
    ...(said.bornOn && said.bornOn !== child.bornOn ? { bornOn: said.bornOn } : {}),
    ...(said.dueOn && said.dueOn !== child.dueOn ? { dueOn: said.dueOn } : {}),
    ...typed(own),
  }
  if (!Object.keys(input).length) return true
  const whole = { id: child.id, baseVersion: child.version, ...input }
  return kept(() => write(UpdateDependant, whole, about(customerId, name, own)))
}

export async function confirmBirth(customerId: string, child: ChildView, change: () => void): Promise<void> {
  const done = await kept(() =>
    write(ConfirmBirth, { id: child.id, bornOn: dayOf(new Date()) }, about(customerId, child.name)),
  )
  if (done) say(w('born_said', { name: childName(child) }), { label: w('change'), run: change })
}

/** Takes a write back: from this device while it is only there, else by its opposite. */
async function takeBack(entry: Entry, opposite: () => Promise<unknown>): Promise<void> {
  const now = entries.value.find((row) => row.id === entry.id)
  if (now?.state === 'pending' && now.attempts === 0 && (await withdraw([entry.id]))) return
  await kept(opposite)
}

export async function stopMilestones(customerId: string, child: ChildView): Promise<void> {
  const input = { id: child.id }
  const whose = about(customerId, child.name)
  await kept(async () => {
    const entry = await write(StopMilestones, input, whose)
    const run = () => void takeBack(entry, () => write(ResumeMilestones, input, whose))
    say(w('stop_said', { name: childName(child) }), { label: t('do.undo'), run })
  })
}

export async function resumeMilestones(customerId: string, child: ChildView): Promise<void> {
  if (await kept(() => write(ResumeMilestones, { id: child.id }, about(customerId, child.name))))
    say(w('resume_said', { name: childName(child) }))
}

export async function removeChild(customerId: string, child: ChildView): Promise<void> {
  const input = { id: child.id }
  const whose = about(customerId, child.name)
  await kept(async () => {
    const entry = await write(RemoveDependant, input, whose)
    const run = () => void takeBack(entry, () => write(RestoreDependant, input, whose))
    say(w('removed', { name: childName(child) }), { label: t('do.undo'), run })
  })
}
