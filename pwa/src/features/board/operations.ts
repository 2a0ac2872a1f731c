import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const BoardQuery = graphql(`
  query Board($period: BoardPeriod!, $by: BoardGrouping!, $regionId: ID, $noRegion: Boolean! = false, $storeId: ID) {
    board(period: $period, by: $by, regionId: $regionId, noRegion: $noRegion, storeId: $storeId) {
      asOf
      counts {
        done
        due
        late
      }
      before {
        done
      }
      rows {
        key
        region {
          id
          name
        }
        store {
          id
          name
          timezone
        }
        staff {
          id
          name
        }
        counts {
          done
          due
          late
          onTime
        }
        lastSeenAt
        nudgedAt
      }
      reasons {
        key
        title
        counts {
          done
          due
          late
        }
      }
      cells {
        cell
        customers
      }
    }
  }
`)

export const CardsQuery = graphql(`
  query BoardCards(
    $state: BoardState!
    $period: BoardPeriod!
    $regionId: ID
    $noRegion: Boolean! = false
    $storeId: ID
    $staffId: ID
    $pool: Boolean!
    $reason: String
    $first: Int!
    $after: String
  ) {
    boardCards(
      state: $state
      period: $period
      regionId: $regionId
      noRegion: $noRegion
      storeId: $storeId
      staffId: $staffId
      pool: $pool
      reason: $reason
      first: $first
      after: $after
    ) {
      edges {
        node {
          id
          customer {
            id
            name
            alias
            cell
            memberNo
          }
          store {
            id
            name
          }
          assignee {
            id
            name
          }
          closedBy {
            id
            name
          }
          reasons {
            why
          }
          state
          outcome
          dueAt
          closedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const ReassignTasks = graphql(`
  mutation ReassignTasks($input: ReassignTasksInput!) {
    reassignTasks(input: $input) {
      reassignmentId
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UndoReassign = graphql(`
  mutation UndoReassign($input: UndoReassignInput!) {
    undoReassign(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const NudgeStaff = graphql(`
  mutation NudgeStaff($input: NudgeStaffInput!) {
    nudgeStaff(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Board = ResultOf<typeof BoardQuery>['board']
export type BoardRow = Board['rows'][number]
export type Counts = Board['counts']
export type Card = ResultOf<typeof CardsQuery>['boardCards']['edges'][number]['node']
export type State = 'DONE' | 'DUE' | 'LATE'
export type Period = 'TODAY' | 'WEEK' | 'MONTH'
export type Grouping = 'REGION' | 'STORE' | 'GUIDE'
