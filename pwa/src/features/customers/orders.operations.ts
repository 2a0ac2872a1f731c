import { type FragmentOf, graphql } from '@/shared/graphql/tada.ts'

export const OrderFacts = graphql(`
  fragment OrderFacts on OrderConnection {
    edges {
      node {
        id
        kind
        status
        placedAt
        receiptNo
        store {
          name
        }
        total {
          minor
          currency
        }
        lines {
          position
          name
          sku
          quantity
          total {
            minor
            currency
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`)

export const CustomerOrders = graphql(
  `
    query CustomerOrders($id: ID!, $after: String) {
      customer(id: $id) {
        orders(first: 20, after: $after) {
          ...OrderFacts
        }
      }
    }
  `,
  [OrderFacts],
)

export type Order = FragmentOf<typeof OrderFacts>['edges'][number]['node']
