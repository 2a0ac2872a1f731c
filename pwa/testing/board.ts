/* Rows and cards of a board, whole, with the few fields a test is about given. */
import type { BoardRow, Card } from '@/features/board/operations.ts'

export const STORE = { id: 's', name: '滨江店', timezone: 'Asia/Shanghai' }

export function boardRow(id: string | null, late: number, more: Partial<BoardRow> = {}): BoardRow {
  return {
    key: id ? `${id}:s` : 'pool:s',
    region: null,
    store: STORE,
    staff: id ? { id, name: id } : null,
    counts: { done: 1, due: 2, late, onTime: null },
    lastSeenAt: null,
    nudgedAt: null,
    ...more,
  }
}

export function boardCard(id: string, assignee: string | null): Card {
  return {
    id,
    customer: { id: `c-${id}`, name: '周雨桐', alias: null, cell: 'HHH', memberNo: null },
    store: STORE,
    assignee: assignee ? { id: assignee, name: assignee } : null,
    closedBy: null,
    reasons: [{ why: '买完 3 天了' }],
    state: 'OPEN',
    outcome: null,
    dueAt: '2026-11-19T08:00:00Z',
    closedAt: null,
  }
}
