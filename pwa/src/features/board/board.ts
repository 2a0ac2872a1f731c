/* The board and its panes: last known numbers at once, then the server's; what was given away lies over them. */
import { computed, type ComputedRef, ref, type Ref, shallowRef, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { layOver } from '@/shared/graphql/outbox.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { learn } from './names.ts'
import { type Board, BoardQuery, type Card, CardsQuery, type Period } from './operations.ts'
import { type CardView, overlaidCards, overlaidRows, type Pane } from './overlay.ts'
import { type Behind, behindText, keyOf, type Scope } from './scope.ts'

export function useBoard(scope: () => Scope): Live<Board> {
  const live = useSnapshot<Board>(
    () => keyOf(scope()),
    async () => {
      const { period, by, region, store } = scope()
      return (await ask(BoardQuery, { period, by, regionId: region, storeId: store })).board
    },
  )
  watch(live.base, (board) => board && learnBoard(board))
  return live
}

function learnBoard(board: Board): void {
  for (const row of board.rows) learn(row.region, row.store, row.staff)
  learn(...board.reasons.map(({ key, title }) => ({ id: key, name: title })))
}

interface Page {
  cards: Card[]
  end: string | null
}
const MANY = 100
const PAGE = 30

async function cardsOf(behind: Behind, period: Period, first: number, after: string | null): Promise<Page> {
  const { state, region, store, staff, pool, reason } = behind
  const scope = { regionId: region, storeId: store, staffId: staff, pool, reason }
  const { boardCards } = await ask(CardsQuery, { state, period, ...scope, first, after })
  const end = boardCards.pageInfo.hasNextPage ? (boardCards.pageInfo.endCursor ?? null) : null
  return { cards: boardCards.edges.map((edge) => edge.node), end }
}

const PEOPLE = (store: string): Scope => ({ period: 'TODAY', by: 'GUIDE', region: null, store })

export interface StorePane extends Pick<Live<unknown>, 'trouble' | 'refresh'> {
  pane: ComputedRef<Pane | null>
}

/** One store: its people, and its late cards (the hundred that are most late). */
export function useStore(store: () => string, period: () => Period): StorePane {
  const live = useSnapshot<{ board: Board; late: Card[] }>(
    () => `store:${period()}:${store()}`,
    async () => {
      const scope = { ...PEOPLE(store()), period: period() }
      const [{ board }, late] = await Promise.all([
        ask(BoardQuery, { period: scope.period, by: scope.by, regionId: null, storeId: store() }),
        cardsOf(
          { state: 'LATE', region: null, store: store(), staff: null, pool: false, reason: null },
          period(),
          MANY,
          null,
        ),
      ])
      return { board, late: late.cards }
    },
  )
  watch(live.base, (base) => base && learnBoard(base.board))
  const pane = computed(() => {
    const base = live.base.value
    if (!base) return null
    const cards = overlaidCards(base.late, live.layOver.value)
    return { rows: overlaidRows(base.board.rows, base.late, cards), cards }
  })
  return { pane, trouble: live.trouble, refresh: live.refresh }
}

export interface CardList extends Pick<Live<unknown>, 'trouble' | 'refresh'> {
  cards: ComputedRef<CardView[] | null>
  more: ComputedRef<boolean>
  busy: Ref<boolean>
  loadMore: () => Promise<void>
}

/** The people behind a number, page after page. */
export function useCards(behind: () => Behind, period: () => Period): CardList {
  const key = () => `cards:${period()}:${behindText(behind())}`
  const live = useSnapshot<Page>(key, () => cardsOf(behind(), period(), PAGE, null))
  const further = shallowRef<Page | null>(null)
  const busy = ref(false)
  watch([key, live.base], () => (further.value = null))
  watch(live.base, (page) => page?.cards.forEach((card) => learn(card.store, card.assignee, card.closedBy)))
  const end = computed(() => (further.value ?? live.base.value)?.end ?? null)
  const cards = computed(() => {
    const known = live.base.value && [...live.base.value.cards, ...(further.value?.cards ?? [])]
    return known && overlaidCards(known, layOver(live.fetchedAt.value))
  })

  async function loadMore(): Promise<void> {
    const before = key()
    busy.value = true
    try {
      const page = await cardsOf(behind(), period(), PAGE, end.value)
      if (before === key()) further.value = { cards: [...(further.value?.cards ?? []), ...page.cards], end: page.end }
    } catch {
      // The button stays.
    } finally {
      busy.value = false
    }
  }
  return {
    cards,
    more: computed(() => end.value !== null),
    busy,
    loadMore,
    trouble: live.trouble,
    refresh: live.refresh,
  }
}

/** Who works in a store, for giving cards to. */
export function useCrew(store: () => string | null): ComputedRef<Board['rows']> {
  const live = useSnapshot<Board['rows']>(
    () => `crew:${store() ?? ''}`,
    async () => {
      const at = store()
      if (!at) return []
      return (await ask(BoardQuery, { period: 'TODAY', by: 'GUIDE', regionId: null, storeId: at })).board.rows
    },
  )
  watch(live.base, (rows) => rows?.forEach((row) => learn(row.staff)))
  return computed(() => live.base.value ?? [])
}
