/* The clean day: the queue with what was done about it here, one card at a time. Every answer is a write in the outbox;
   an edit is held back for a moment, so that the last one can be taken back. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { entries, write } from '@/shared/graphql/outbox.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { t } from '@/shared/lib/i18n.ts'
import { localId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { warn } from '@/shared/ui/toast.ts'
import { type Deck, FRESH, type Item, itemsOf, nextItem, putOff, settle, takeBack, waitingLater } from './deck.ts'
import { DismissProblem, type Field, type ProblemCard, ProblemCards, type Queue, RestoreProblem } from './operations.ts'
import { w } from './words.ts'

export interface Where {
  code: string | null
  store: string | null
  mine: boolean
}

/** `field`: the one that is mended. */
export type Mend = (
  customer: { id: string; version: number },
  change: Record<string, unknown>,
  about: string,
  hold: number,
  field: Field | undefined,
) => Promise<Entry>

export interface Last {
  item: Item
  what: 'fixed' | 'dismissed' | 'postponed'
  entry: Entry | null
}

const PAGE = 30
/** How long an edit is held back, ms. */
export const HOLD = 8_000

interface Page {
  cards: ProblemCard[]
  end: string | null
  kinds: Queue['kinds']
  mended: Queue['mended']
  fields: Field[]
  /** Of the template that the fields are from. */
  version: number
}

async function load(where: Where, after: string | null): Promise<Page> {
  const { code, store, mine } = where
  const found = await ask(ProblemCards, { code, storeId: store, mine, first: PAGE, after })
  const { edges, pageInfo, kinds, mended } = found.problemCards
  const end = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
  const { fields, version } = found.profileTemplate
  return { cards: edges.map((edge) => edge.node), end, kinds, mended, fields, version }
}

export function nameOf({ customer }: Item): string {
  return customer.alias || customer.name || w('nameless')
}

export interface Clean extends Pick<Live<Page>, 'base' | 'trouble' | 'refresh'> {
  current: Ref<Item | null>
  field: ComputedRef<Field | undefined>
  /** Seen to in this sitting, of how many there were. */
  done: ComputedRef<number>
  total: ComputedRef<number>
  later: ComputedRef<number>
  last: Ref<Last | null>
  /** Problems mended today, what this device has not sent yet among them. */
  today: ComputedRef<{ mine: number; team: number; people: Queue['mended'] }>
  fix: (change: Record<string, unknown>) => Promise<void>
  dismiss: () => Promise<void>
  postpone: () => void
  undo: () => Promise<void>
  again: () => void
}

export function useClean(where: () => Where, mend: Mend): Clean {
  const key = () => `clean-day:${where().store}:${where().mine}:${where().code}`
  const live = useSnapshot<Page>(key, () => load(where(), null))
  const further = shallowRef<ProblemCard[]>([])
  const end = shallowRef<string | null>(null)
  const deck = shallowRef<Deck>(FRESH)
  const current = shallowRef<Item | null>(null)
  const last = shallowRef<Last | null>(null)
  const total = ref(0)
  const fixes = shallowRef(new Set<string>())
  const items = computed(() => {
    const all = itemsOf([...(live.base.value?.cards ?? []), ...further.value], where().code)
    return [...new Map(all.map((item) => [item.key, item])).values()]
  })

  watch(key, () => {
    further.value = []
    end.value = current.value = last.value = null
    deck.value = FRESH
    total.value = 0
  })
  watch(live.base, (page) => {
    if (!page) return
    if (!total.value)
      total.value = page.kinds.reduce(
        (sum, kind) => sum + (where().code ? +(kind.code === where().code) && kind.count : kind.count),
        0,
      )
    if (!further.value.length) end.value = page.end
    // What she looks at stays before her; only what it says may be newer.
    const same = items.value.find((item) => item.key === current.value?.key)
    if (same) current.value = same
    else if (!current.value) void advance()
  })

  async function advance(again = false): Promise<void> {
    current.value = nextItem(items.value, deck.value, again)
    if (current.value || !end.value) return
    const [name, after] = [key(), end.value]
    const page = await load(where(), after).catch(() => null)
    if (!page || name !== key() || end.value !== after) return
    further.value = [...further.value, ...page.cards]
    end.value = page.end
    await advance(again)
  }

  async function kept(item: Item, what: Last['what'], writing: () => Promise<Entry>): Promise<void> {
    try {
      const entry = await writing()
      deck.value = settle(deck.value, item.key)
      last.value = { item, what, entry }
      if (what === 'fixed') hold(entry)
      await advance(deck.value.later.length > 0 && waitingAgain.value)
    } catch {
      warn(t('outcome.unsaved'))
    }
  }

  /** While it is held back it can be taken back; sent, it is mended on her card. */
  let timer: ReturnType<typeof setTimeout> | undefined
  function hold(entry: Entry): void {
    fixes.value = new Set([...fixes.value, entry.id])
    clearTimeout(timer)
    timer = setTimeout(() => last.value?.entry?.id === entry.id && (last.value = null), HOLD - 300)
  }
  onScopeDispose(() => clearTimeout(timer))

  const waitingAgain = ref(false)
  const field = computed(() => live.base.value?.fields.find((one) => one.key === current.value?.problem.field))
  const about = (item: Item) => ({ entity: `Customer:${localId(item.customer.id)}`, about: nameOf(item) })
  const decision = (item: Item) => ({ customerId: item.customer.id, code: item.problem.code })

  async function fix(change: Record<string, unknown>): Promise<void> {
    const item = current.value
    const typed = change.values ? { ...change, templateVersion: live.base.value?.version } : change
    if (item) await kept(item, 'fixed', () => mend(item.customer, typed, nameOf(item), HOLD, field.value))
  }
  async function dismiss(): Promise<void> {
    const item = current.value
    if (item) await kept(item, 'dismissed', () => write(DismissProblem, decision(item), about(item)))
  }
  function postpone(): void {
    const item = current.value
    if (!item) return
    deck.value = putOff(deck.value, item.key)
    last.value = { item, what: 'postponed', entry: null }
    void advance(waitingAgain.value && waitingLater(items.value, deck.value) > 1)
  }
  async function undo(): Promise<void> {
    const before = last.value
    if (!before) return
    last.value = null
    if (before.entry && !(await taken(before))) return warn(w('too_late'))
    deck.value = takeBack(deck.value, before.item.key)
    current.value = before.item
  }
  async function taken({ entry, item, what }: Last): Promise<boolean> {
    const now = entries.value.find((row) => row.id === entry!.id)
    if (now?.state === 'pending' && now.attempts === 0 && (await withdraw([now.id]))) return true
    if (what === 'fixed') return false
    return write(RestoreProblem, decision(item), about(item)).then(
      () => true,
      () => false,
    )
  }

  const today = computed(() => {
    const people = live.base.value?.mended ?? []
    const here = live.layOver.value.filter((entry) => fixes.value.has(entry.id)).length
    const mine = people.find((one) => one.staff.id === staffId.value)?.count ?? 0
    return { mine: mine + here, team: people.reduce((sum, one) => sum + one.count, here), people }
  })
  return {
    base: live.base,
    trouble: live.trouble,
    refresh: live.refresh,
    current,
    field,
    done: computed(() => deck.value.settled.size),
    total: computed(() => Math.max(total.value, deck.value.settled.size)),
    later: computed(() => waitingLater(items.value, deck.value)),
    last,
    today,
    fix,
    dismiss,
    postpone,
    undo,
    again: () => {
      waitingAgain.value = true
      void advance(true)
    },
  }
}
