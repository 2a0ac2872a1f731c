/* Today's visits that nobody is named for: what the server said, with this device's own writes over it. */
import { computed, type ComputedRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { useSnapshot } from '@/shared/graphql/snapshot.ts'
import { dayOf } from '@/shared/lib/dates.ts'
import { globalId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { type Door, type OpenVisit, OpenVisits } from './operations.ts'

/** Those that still wait, the latest first. */
export function overlaid(known: readonly OpenVisit[], entries: readonly Entry[]): OpenVisit[] {
  const made = entries.filter(
    (entry) => entry.op === 'RecordVisit' && entry.state !== 'rejected' && !entry.input.customerId,
  )
  const all = new Map(known.map((visit) => [visit.id, visit]))
  for (const { input, createdAt } of made) {
    const visit = { ...(input as unknown as OpenVisit), id: globalId('Visit', String(input.id)) }
    all.set(visit.id, { ...visit, at: new Date(createdAt).toISOString() })
  }
  for (const entry of entries) {
    if (entry.op === 'UndoVisit' || entry.op === 'UpdateVisit') all.delete(String(entry.input.id))
    if (entry.op === 'CreateCustomer' && entry.state !== 'rejected') all.delete(String(entry.input.visitId))
  }
  return [...all.values()].sort((a, b) => b.at.localeCompare(a.at))
}

export function useDoor(): { open: ComputedRef<OpenVisit[]>; paper: ComputedRef<number> } {
  const { base, layOver } = useSnapshot<Door>(
    () => `door:${dayOf(new Date())}`,
    () => ask(OpenVisits, {}),
  )
  return {
    open: computed(() => overlaid(base.value?.openVisits ?? [], layOver.value)),
    paper: computed(() => base.value?.paperCards.totalCount ?? 0),
  }
}
