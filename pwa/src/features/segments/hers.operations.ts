import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const HerSegmentsQuery = graphql(`
  query HerSegments($id: ID!) {
    customer(id: $id) {
      segments {
        segmentId
        name
        kind
        since
        reasons
      }
    }
  }
`)

export const SegmentWhyQuery = graphql(`
  query SegmentWhy($segmentId: ID!, $customerId: ID!) {
    segmentWhy(segmentId: $segmentId, customerId: $customerId) {
      segment {
        name
        kind
        sentence
      }
      fits
      since
      then
      before {
        entered
        left
        reasons
      }
      answers {
        sentence
        holds
        decides
        seen
      }
    }
  }
`)

export const SegmentNamesQuery = graphql(`
  query SegmentNames {
    segmentList {
      id
      name
      members
    }
  }
`)

export type Hers = NonNullable<ResultOf<typeof HerSegmentsQuery>['customer']>['segments'][number]
export type Why = NonNullable<ResultOf<typeof SegmentWhyQuery>['segmentWhy']>
