/* Whom a tag is set for at once: what can be chosen, and how the server is told. */
import type { Book } from './manage.operations.ts'

export const WAYS = ['segment', 'tag', 'store', 'cell'] as const
export type Way = (typeof WAYS)[number]
const CELLS = ['HHH', 'HLH', 'LHH', 'LLH', 'HHL', 'HLL', 'LHL', 'LLL'] as const
export type Cell = (typeof CELLS)[number]

export interface Whom {
  segmentId?: string
  tagId?: string
  storeId?: string
  cell?: Cell
}

export function choices(book: Book, way: Way, cell: (cell: Cell) => string): { value: string; word: string }[] {
  if (way === 'cell') return CELLS.map((value) => ({ value, word: cell(value) }))
  if (way === 'store') return book.stores.map(({ id, name }) => ({ value: id, word: name }))
  if (way === 'segment') return book.segmentList.map(({ id, name }) => ({ value: id, word: name }))
  const groups = book.tagGroups.filter((group) => !group.archivedAt)
  const tags = groups.flatMap((group) => group.tags.filter((tag) => !tag.archivedAt))
  return tags.map(({ id, name }) => ({ value: id, word: name }))
}

export function whomOf(way: Way, value: string): Whom {
  if (way === 'cell') return { cell: value as Cell }
  return { [`${way}Id`]: value }
}
