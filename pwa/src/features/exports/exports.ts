/* What she has exported, watched every second while one is being written. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import { type Column, type Export, ExportColumnsQuery, ExportsQuery, StartExport, type Wish } from './operations.ts'

export const POLL = 1000
export const moves = (one: Export): boolean => one.state === 'WAITING' || one.state === 'RUNNING'

/** How far it is, 0 to 1; null while that cannot be said. */
export const part = (one: Export): number | null => (one.rowsTotal ? Math.min(1, one.rows / one.rowsTotal) : null)

export interface Exports {
  list: Ref<Export[] | null>
  refresh: () => Promise<void>
  start: (wish: Wish) => Promise<void>
}

export function useExports(): Exports {
  const list = shallowRef<Export[] | null>(null)
  const gone = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      list.value = (await ask(ExportsQuery, {})).exports.edges.map((edge) => edge.node)
    } catch {
      list.value ??= []
    }
    clearTimeout(timer)
    if (!gone.value && list.value.some(moves)) timer = setTimeout(() => void refresh(), POLL)
  }

  async function start(wish: Wish): Promise<void> {
    const { startExport } = await ask(StartExport, { input: { operationId: uuid7(), ...wish } })
    if (!startExport.job) throw new Error(startExport.userErrors[0]?.message)
    list.value = [startExport.job, ...(list.value ?? [])]
    timer = setTimeout(() => void refresh(), POLL)
  }

  onScopeDispose(() => {
    gone.value = true
    clearTimeout(timer)
  })
  void refresh()
  return { list, refresh, start }
}

/** The columns that she may take out; null: not known yet, undefined: it could not be asked. */
export function useColumns(): { columns: Ref<Column[] | null | undefined>; load: () => Promise<void> } {
  const columns = shallowRef<Column[] | null | undefined>(null)
  async function load(): Promise<void> {
    columns.value = null
    try {
      columns.value = (await ask(ExportColumnsQuery, {})).exportColumns
    } catch {
      columns.value = undefined
    }
  }
  void load()
  return { columns, load }
}
