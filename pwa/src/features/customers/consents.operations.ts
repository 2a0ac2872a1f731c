import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

/** What holds, and the words in force. */
export const ConsentsQuery = graphql(`
  query CustomerConsents($id: ID!) {
    customer(id: $id) {
      id
      consents {
        purpose
        channel
        state
        at
        by
      }
    }
    consentTexts {
      id
      purpose
      version
      text
    }
  }
`)

export type Consents = ResultOf<typeof ConsentsQuery>
export type Consent = NonNullable<Consents['customer']>['consents'][number]
