/* What a customer allows, put down from wherever she says it: on her page, or with the outcome of a call. */
import type { Entry } from '../offline/db.ts'
import { localId } from '../lib/ids.ts'
import { write } from './outbox.ts'
import { graphql, type VariablesOf } from './tada.ts'

export const RecordConsent = graphql(`
  mutation RecordConsent($input: RecordConsentInput!) {
    recordConsent(input: $input) {
      customer {
        id
        closedChannels
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Said = Omit<VariablesOf<typeof RecordConsent>['input'], 'operationId' | 'customerId' | 'at'>

/** Keeps what she said with the moment of it; `about`: her name, for the list of what waits. */
export function recordConsent(customerId: string, said: Said, about: string): Promise<Entry> {
  const input = { customerId, ...said, at: new Date().toISOString() }
  return write(RecordConsent, input, { entity: `Customer:${localId(customerId)}`, about })
}

/** 她说别再打了. */
export function stopCalling(customerId: string, about: string): Promise<Entry> {
  return recordConsent(customerId, { purpose: 'MARKETING', channel: 'PHONE', state: 'REFUSED', how: 'CALL' }, about)
}
