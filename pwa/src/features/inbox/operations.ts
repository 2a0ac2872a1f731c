import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const InboxQuery = graphql(`
  query Inbox($first: Int!, $after: String) {
    inbox(first: $first, after: $after) {
      unread
      edges {
        node {
          id
          kind
          title
          body
          url
          createdAt
          readAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const MarkInboxRead = graphql(`
  mutation MarkInboxRead($input: MarkInboxReadInput!) {
    markInboxRead(input: $input) {
      unread
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Inbox = ResultOf<typeof InboxQuery>['inbox']
export type Message = Inbox['edges'][number]['node']
