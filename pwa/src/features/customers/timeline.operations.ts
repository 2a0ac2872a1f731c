import { graphql } from '@/shared/graphql/tada.ts'
import { TimelineFacts } from './operations.ts'

export const CustomerTimeline = graphql(
  `
    query CustomerTimeline($id: ID!, $after: String, $kinds: [TimelineKind!]) {
      customer(id: $id) {
        timeline(first: 20, after: $after, kinds: $kinds) {
          ...TimelineFacts
        }
      }
    }
  `,
  [TimelineFacts],
)
