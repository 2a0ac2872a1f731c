/* Where the board stands, as its address says it: period, how far down, and whose cards lie open. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { globalId, localId } from '@/shared/lib/ids.ts'
import type { BoardRow, Grouping, Period, State } from './operations.ts'

/** In the place of a region: the stores that have none. */
export const NO_REGION = 'none'

export interface Scope {
  period: Period
  by: Grouping
  /** Global ids. */
  region: string | null
  store: string | null
}

/** The people behind a number. */
export interface Behind {
  state: State
  region: string | null
  store: string | null
  staff: string | null
  pool: boolean
  reason: string | null
}

export const PERIODS: Period[] = ['TODAY', 'WEEK', 'MONTH']
const GROUPINGS: Grouping[] = ['REGION', 'STORE', 'GUIDE']
const STATES: State[] = ['DONE', 'DUE', 'LATE']

function oneOf<T extends string>(all: readonly T[], text: unknown, otherwise: T): T {
  return all.find((one) => one.toLowerCase() === text) ?? otherwise
}

const id = (type: string, text: unknown): string | null =>
  typeof text === 'string' && text ? globalId(type, text) : null

/** `least`: how the rows are grouped where the address does not say. */
export function scopeOf(query: LocationQuery, least: Grouping): Scope {
  return {
    period: oneOf(PERIODS, query.period, 'TODAY'),
    by: oneOf(GROUPINGS, query.by, least),
    region: id('Region', query.region),
    store: id('Store', query.store),
  }
}

export function keyOf(scope: Scope): string {
  return `board:${scope.period}:${scope.by}:${scope.region ?? ''}:${scope.store ?? ''}`
}

/** `late.r=…&s=…`: short enough for an address, ids only. */
export function behindText(behind: Behind): string {
  const parts = [behind.state.toLowerCase()]
  if (behind.region) parts.push(`r-${localId(behind.region)}`)
  if (behind.store) parts.push(`s-${localId(behind.store)}`)
  if (behind.staff) parts.push(`p-${localId(behind.staff)}`)
  if (behind.pool) parts.push('pool')
  if (behind.reason) parts.push(`y-${behind.reason}`)
  return parts.join(' ')
}

export function behindOf(text: string | null): Behind | null {
  const [state, ...parts] = (text ?? '').split(' ')
  if (!STATES.some((one) => one.toLowerCase() === state)) return null
  const part = (letter: string) => parts.find((one) => one.startsWith(`${letter}-`))?.slice(2)
  return {
    state: oneOf(STATES, state, 'LATE'),
    region: id('Region', part('r')),
    store: id('Store', part('s')),
    staff: id('Staff', part('p')),
    pool: parts.includes('pool'),
    reason: part('y') ?? null,
  }
}

/** How the server is asked for it. */
export function whereOf({ region, store }: Pick<Scope, 'region' | 'store'>) {
  const noRegion = region === NO_REGION
  return { regionId: noRegion ? null : region, noRegion, storeId: store }
}

/** The number `state` of one row. */
export function behindRow(row: BoardRow, by: Grouping, state: State): Behind {
  return {
    state,
    region: by === 'REGION' ? (row.region?.id ?? NO_REGION) : null,
    store: by === 'REGION' ? null : (row.store?.id ?? null),
    staff: by === 'GUIDE' ? (row.staff?.id ?? null) : null,
    pool: by === 'GUIDE' && !row.staff,
    reason: null,
  }
}

/** A person's cards, what is most urgent of them. */
export const herCards = (row: BoardRow): Behind =>
  behindRow(row, 'GUIDE', row.counts.late ? 'LATE' : row.counts.due ? 'DUE' : 'DONE')

/** The key of the row whose cards, or some of whose cards, these are. */
export function rowKey({ staff, pool, store, region }: Behind, by: Grouping): string | null {
  if (by !== 'GUIDE') return store ?? region
  return staff || pool ? `${staff ?? 'pool'}:${store ?? ''}` : store
}

/** `query` with `changes`; what is null leaves it, and an open pane closes. */
export function moved(query: LocationQuery, changes: Record<string, string | null>): LocationQueryRaw {
  const { sheet: _sheet, of: _of, ...rest } = query
  return Object.fromEntries(Object.entries({ ...rest, ...changes }).filter(([, value]) => value !== null))
}
