/* Customers whom this device has seen: found where the server cannot be asked. */
import { staffId } from '@/shared/graphql/session.ts'
import { readSnapshot } from '@/shared/offline/snapshots.ts'
import { type Kept, all } from './list.ts'
import type { Row } from './operations.ts'
import { matching } from './overlay.ts'

const LISTS = ['customers:mine:all:', 'customers:store:all:']
const MOST = 8

export async function seenBefore(search: string): Promise<Row[]> {
  const staff = staffId.value
  if (!staff) return []
  const lists = await Promise.all(LISTS.map((key) => readSnapshot<Kept>(staff, key)))
  const rows = new Map(lists.flatMap((list) => (list ? all(list.data) : [])).map((row) => [row.id, row]))
  return matching(
    [...rows.values()].map((row) => ({ ...row, pending: false })),
    search,
  ).slice(0, MOST)
}
