/* Waiting writes as a file: the last way out when a phone must be given away before they could be sent. */
import { dayOf } from '@/shared/lib/dates.ts'
import type { Entry } from '@/shared/offline/db.ts'

/** What is worth keeping of each write, as JSON text. */
export function asText(entries: readonly Entry[]): string {
  const rows = entries.map(({ id, op, input, about, createdAt, state, reasons }) => {
    return { operationId: id, op, about, createdAt: new Date(createdAt).toISOString(), state, reasons, input }
  })
  return JSON.stringify(rows, null, 2)
}

export function exportWrites(entries: readonly Entry[]): void {
  const url = URL.createObjectURL(new Blob([asText(entries)], { type: 'application/json' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: `shuke-${dayOf(new Date())}.json` })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
