import { expect, it } from 'vitest'
import { globalId } from '@/shared/lib/ids.ts'
import { boardRow } from '../../../testing/board.ts'
import { behindOf, behindRow, behindText, herCards, moved, NO_REGION, rowKey, scopeOf, whereOf } from './scope.ts'

const uuid = '01a203d5-417f-775c-a75b-aba9344f386f'

it('an address says where the board stands, and nonsense means the usual', () => {
  expect(scopeOf({ period: 'week', by: 'store', region: uuid }, 'GUIDE')).toEqual({
    period: 'WEEK',
    by: 'STORE',
    region: globalId('Region', uuid),
    store: null,
  })
  expect(scopeOf({ period: 'year' }, 'GUIDE')).toMatchObject({ period: 'TODAY', by: 'GUIDE' })
})

it('the people behind a number survive the way through an address', () => {
  const behind = {
    state: 'LATE' as const,
    region: null,
    store: globalId('Store', uuid),
    staff: globalId('Staff', uuid),
    pool: false,
    reason: 'first_thanks',
  }
  expect(behindOf(behindText(behind))).toEqual(behind)
  expect(behindOf('whatever')).toBeNull()
  expect(behindRow(boardRow(null, 1), 'GUIDE', 'LATE')).toMatchObject({ pool: true, staff: null, store: 's' })
})

it('stores without a region are a place of their own, not all of them', () => {
  const row = boardRow(null, 1, { key: 'none', store: null })
  const behind = behindRow(row, 'REGION', 'LATE')
  expect(whereOf(behind)).toEqual({ regionId: null, noRegion: true, storeId: null })
  expect(behindOf(behindText(behind))).toEqual(behind)
  expect(rowKey(behind, 'REGION')).toBe(row.key)
  expect(scopeOf({ region: NO_REGION }, 'STORE').region).toBe(NO_REGION)
  expect(whereOf(scopeOf({}, 'REGION'))).toMatchObject({ regionId: null, noRegion: false })
})

it('a person whose cards lie open keeps her row, or her store, marked', () => {
  const wang = boardRow('wang', 1)
  expect(rowKey(herCards(wang), 'GUIDE')).toBe(wang.key)
  expect(rowKey(herCards(wang), 'STORE')).toBe('s')
  expect(rowKey(herCards(boardRow(null, 1)), 'GUIDE')).toBe('pool:s')
  expect(herCards(wang).state).toBe('LATE')
})

it('going elsewhere closes what lies open', () => {
  expect(moved({ sheet: 'cards', of: 'late', by: 'store' }, { by: null, period: 'week' })).toEqual({ period: 'week' })
})
