/* The visits behind a number of the filing rate, as the board's address names them: `state.person`. */
import { computed, type ComputedRef } from 'vue'
import { globalId, localId } from '@/shared/lib/ids.ts'
import type { Sheets } from '@/shared/ui/sheets.ts'
import { FILING_STATES, type FilingState } from './filing.operations.ts'

export interface Filed {
  state: FilingState | null
  staff: string | null
}

export function useFiled({ open, of, show }: Sheets): {
  filed: ComputedRef<Filed | null>
  openFiled: (state: FilingState | null, staff: string | null) => void
} {
  const filed = computed(() => {
    if (open.value !== 'filing') return null
    const [state, staff] = (of.value ?? '').split('.')
    const known = FILING_STATES.find((one) => one === state) ?? null
    return { state: known, staff: staff ? globalId('Staff', staff) : null }
  })
  return { filed, openFiled: (state, staff) => show('filing', `${state ?? ''}.${staff ? localId(staff) : ''}`) }
}
