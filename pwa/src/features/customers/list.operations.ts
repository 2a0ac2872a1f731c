import { graphql } from '@/shared/graphql/tada.ts'
import { CustomerRow } from './operations.ts'

export const CustomersQuery = graphql(
  `
    query Customers(
      $search: String
      $storeId: ID
      $regionId: ID
      $mine: Boolean!
      $shared: Boolean
      $cell: RfmCell
      $first: Int!
      $after: String
    ) {
      customers(
        search: $search
        storeId: $storeId
        regionId: $regionId
        mine: $mine
        shared: $shared
        cell: $cell
        first: $first
        after: $after
      ) {
        edges {
          node {
            ...CustomerRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [CustomerRow],
)
