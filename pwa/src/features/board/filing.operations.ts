import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const FilingQuery = graphql(`
  query Filing($period: BoardPeriod!, $regionId: ID, $noRegion: Boolean! = false, $storeId: ID) {
    filing(period: $period, by: GUIDE, regionId: $regionId, noRegion: $noRegion, storeId: $storeId) {
      counts {
        visits
        onTime
        late
        waiting
        missing
        rate
      }
      rows {
        store {
          id
          name
        }
        staff {
          id
          name
        }
        counts {
          visits
          onTime
          missing
          rate
        }
      }
    }
  }
`)

export const FilingVisits = graphql(`
  query FilingVisits(
    $state: FilingState
    $period: BoardPeriod!
    $regionId: ID
    $noRegion: Boolean! = false
    $storeId: ID
    $staffId: ID
    $after: String
  ) {
    filingVisits(
      state: $state
      period: $period
      regionId: $regionId
      noRegion: $noRegion
      storeId: $storeId
      staffId: $staffId
      first: 50
      after: $after
    ) {
      edges {
        node {
          id
          kind
          bought
          at
          filedAt
          store {
            name
          }
          staff {
            name
          }
          customer {
            id
            name
            alias
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export type Filing = ResultOf<typeof FilingQuery>['filing']
export type FilingVisit = ResultOf<typeof FilingVisits>['filingVisits']['edges'][number]['node']
export const FILING_STATES = ['ON_TIME', 'LATE', 'WAITING', 'MISSING'] as const
export type FilingState = (typeof FILING_STATES)[number]
