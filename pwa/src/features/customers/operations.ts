import { type FragmentOf, graphql } from '@/shared/graphql/tada.ts'

export const CustomerRow = graphql(`
  fragment CustomerRow on Customer {
    id
    name
    alias
    cell
    level
    phone
    memberNo
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
      lastOrderAt
    }
  }
`)

export const TimelineFacts = graphql(`
  fragment TimelineFacts on TimelineConnection {
    edges {
      node {
        id
        kind
        at
        actor
        title
        detail
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`)

export const CustomerDetail = graphql(
  `
    fragment CustomerDetail on Customer {
      id
      name
      alias
      gender
      birthDate
      level
      source
      note
      phone
      reachedThrough {
        kind
        value
        owner {
          name
        }
      }
      memberNo
      closedChannels
      store {
        id
        name
      }
      guide {
        id
        name
      }
      cell
      cellReason
      tags {
        tagId
        name
        colour
        kind
        group
        setBy
        since
        staff
        score
        reasons
        expiresAt
      }
      stats {
        orderCount
        net {
          minor
          currency
        }
        refunded {
          minor
          currency
        }
        firstOrderAt
        lastOrderAt
        averageGapDays
        months {
          month
          net {
            minor
            currency
          }
        }
      }
      timeline(first: 12) {
        ...TimelineFacts
      }
      values {
        key
        content
        text
        masked
      }
      completeness {
        score
        missing {
          key
          label
          benefit
        }
        problems {
          code
          message
        }
      }
      version
      createdAt
    }
  `,
  [TimelineFacts],
)

export type Row = FragmentOf<typeof CustomerRow>
export type Detail = FragmentOf<typeof CustomerDetail>
export type Timeline = FragmentOf<typeof TimelineFacts>
export type TimelineEntry = Timeline['edges'][number]['node']
export type Cell = NonNullable<Row['cell']>
export const CELLS = ['HHH', 'HLH', 'LHH', 'LLH', 'HHL', 'HLL', 'LHL', 'LLL'] as const satisfies Cell[]
