import { graphql, type FragmentOf, type ResultOf } from '@/shared/graphql/tada.ts'

export const Side = graphql(`
  fragment Side on Customer {
    id
    name
    alias
    phone
    memberNo
    version
    createdAt
    store {
      id
      name
    }
    guide {
      id
      name
    }
    stats {
      orderCount
      net {
        minor
        currency
      }
      lastOrderAt
    }
  }
`)

export const PairsQuery = graphql(
  `
    query DuplicatePairs($storeId: ID, $first: Int!, $after: String) {
      duplicatePairs(storeId: $storeId, first: $first, after: $after) {
        totalCount
        edges {
          node {
            id
            score
            reasons
            a {
              ...Side
            }
            b {
              ...Side
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [Side],
)

export const PreviewQuery = graphql(
  `
    query MergePreview($winnerId: ID!, $loserId: ID!) {
      mergePreview(winnerId: $winnerId, loserId: $loserId) {
        winner {
          ...Side
        }
        loser {
          ...Side
        }
        fields {
          field
          label
          winner
          loser
          winnerOrigin
          loserOrigin
          default
          conflict
        }
        moves {
          kind
          label
        }
      }
    }
  `,
  [Side],
)

export const MergeCustomers = graphql(`
  mutation MergeCustomers($input: MergeCustomersInput!) {
    mergeCustomers(input: $input) {
      customer {
        id
        name
        alias
      }
      merge {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UndoMerge = graphql(`
  mutation UndoMerge($input: UndoMergeInput!) {
    undoMerge(input: $input) {
      report
      loser {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const DismissDuplicate = graphql(`
  mutation DismissDuplicate($input: DismissDuplicateInput!) {
    dismissDuplicate(input: $input) {
      pair {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const ReopenDuplicate = graphql(`
  mutation ReopenDuplicate($input: ReopenDuplicateInput!) {
    reopenDuplicate(input: $input) {
      pair {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const MergesQuery = graphql(`
  query Merges($id: ID!) {
    customer(id: $id) {
      id
      merges {
        id
        loserName
        by
        at
        until
      }
    }
  }
`)

export type SideView = FragmentOf<typeof Side>
export type Pair = ResultOf<typeof PairsQuery>['duplicatePairs']['edges'][number]['node']
export type Preview = NonNullable<ResultOf<typeof PreviewQuery>['mergePreview']>
export type Choice = Preview['fields'][number]
export type Merged = NonNullable<ResultOf<typeof MergesQuery>['customer']>['merges'][number]
