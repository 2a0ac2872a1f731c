/* What waits on this phone about calling somebody. */
import type { Entry } from './db.ts'

/** Whether a write says that she wants no more calls. `entity`: `Customer:` and her id. */
export function stopsCalls({ op, entity, input, state }: Entry, about: string): boolean {
  return (
    op === 'RecordConsent' &&
    entity === about &&
    input.channel === 'PHONE' &&
    input.state !== 'GRANTED' &&
    state !== 'rejected'
  )
}
