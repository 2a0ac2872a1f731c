/* What holds of what she said, with what waits on this phone over it. */
import type { Entry } from '@/shared/offline/db.ts'
import { localId } from '@/shared/lib/ids.ts'
import type { Said } from '@/shared/graphql/consent.ts'
import type { Consent } from './consents.operations.ts'

export interface ConsentView extends Consent {
  pending: boolean
}
export type Ask = Pick<Said, 'purpose' | 'channel'>

/** The switches, in the order in which one asks. */
export const ASKS = [
  { purpose: 'MARKETING', channel: 'PHONE' },
  { purpose: 'MARKETING', channel: 'WECHAT' },
  { purpose: 'MARKETING', channel: 'SMS' },
  { purpose: 'PROFILING', channel: 'ANY' },
  { purpose: 'CHILDREN', channel: 'ANY' },
  { purpose: 'SHARING', channel: 'ANY' },
] as const satisfies Ask[]

export function overlaidConsents(known: readonly Consent[], id: string, entries: readonly Entry[]): ConsentView[] {
  let view = known.map((one): ConsentView => ({ ...one, pending: false }))
  for (const { op, input, state, createdAt } of entries) {
    if (op !== 'RecordConsent' || state === 'rejected' || localId(String(input.customerId)) !== localId(id)) continue
    const said = {
      purpose: input.purpose,
      channel: input.channel,
      state: input.state,
      at: new Date(createdAt).toISOString(),
      by: null,
      pending: state !== 'sent',
    } as ConsentView
    view = [...view.filter((one) => one.purpose !== said.purpose || one.channel !== said.channel), said]
  }
  return view
}

/** What was said of this, or of all channels where nothing was said of this one; a no to all stands over it. */
export function heldOf(view: readonly ConsentView[], { purpose, channel }: Ask): ConsentView | null {
  const of = (way: Ask['channel']) => view.find((one) => one.purpose === purpose && one.channel === way)
  return of(channel) ?? of('ANY') ?? null
}
