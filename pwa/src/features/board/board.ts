/* The board and its panes: last known numbers at once, then the server's; what was given away lies over them. */
import { computed, type ComputedRef, ref, type Ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { layOver } from '@/shared/graphql/outbox.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { learn } from './names.ts'
import { type Board, BoardQuery, type Card, CardsQuery, type Period } from './operations.ts'
import { type CardView, overlaidCards, overlaidRows, type Pane } from './overlay.ts'
import { type Behind, behindText, keyOf, type Scope, whereOf } from './scope.ts'

export function useBoard(scope: () => Scope): Live<Board> {
  const live = useSnapshot<Board>(
    () => keyOf(scope()),
    async () => {
      const { period, by, ...where } = scope()
      return (await ask(BoardQuery, { period, by, ...whereOf(where) })).board
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

/** The first `count` of them, or all where there are fewer. */
async function cardsOf(behind: Behind, period: Period, count: number): Promise<Page> {
  const { state, staff, pool, reason } = behind
  const which = { state, period, ...whereOf(behind), staffId: staff, pool, reason }
  const page: Page = { cards: [], end: null }
  do {
    const first = Math.min(MANY, count - page.cards.length)
    const { boardCards } = await ask(CardsQuery, { ...which, first, after: page.end })
    page.cards.push(...boardCards.edges.map((edge) => edge.node))
    page.end = boardCards.pageInfo.hasNextPage ? (boardCards.pageInfo.endCursor ?? null) : null
  } while (page.end && page.cards.length < count)
  return page
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
  let more = 0
  // As many as are shown: what was chosen far down stays, whatever happened meanwhile.
  const count = () => Math.max(PAGE, (live.base.value?.cards.length ?? 0) + more)
  const live: Live<Page> = useSnapshot<Page>(
    () => `cards:${period()}:${behindText(behind())}`,
    () => cardsOf(behind(), period(), count()),
  )
  const busy = ref(false)
  watch(live.base, (page) => page?.cards.forEach((card) => learn(card.store, card.assignee, card.closedBy)))
  const cards = computed(() => live.base.value && overlaidCards(live.base.value.cards, layOver(live.fetchedAt.value)))

  async function loadMore(): Promise<void> {
    if (busy.value) return
    busy.value = true
    more = MANY
    await live.refresh()
    more = 0
    busy.value = false
  }
  return {
    cards,
    more: computed(() => live.base.value?.end != null),
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
