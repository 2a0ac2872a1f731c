import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const SegmentFields = graphql(`
  fragment SegmentFields on Segment {
    id
    name
    note
    kind
    version
    tree
    members
    filling
    archivedAt
    createdAt
    updatedAt
    savedBy
    sentence
  }
`)

export const SegmentListQuery = graphql(
  `
    query SegmentList {
      segmentList(archived: true) {
        ...SegmentFields
      }
    }
  `,
  [SegmentFields],
)

export const SegmentQuery = graphql(
  `
    query OneSegment($id: ID!) {
      segment(id: $id) {
        ...SegmentFields
      }
    }
  `,
  [SegmentFields],
)

export const SegmentFactsQuery = graphql(`
  query SegmentFacts {
    segmentFacts {
      key
      group
      label
      kind
      ops
      options {
        key
        label
        archived
      }
      args {
        name
        window
        options {
          key
          label
          archived
        }
      }
      archived
    }
  }
`)

export const SegmentPreviewQuery = graphql(`
  query SegmentPreview($tree: RuleTree!) {
    segmentPreview(tree: $tree) {
      sentence
      customers
      exact
      each
      stores {
        store {
          id
          name
        }
        customers
      }
      sample {
        id
        name
        alias
        memberNo
        cell
        store {
          id
          name
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const SegmentMembersQuery = graphql(`
  query SegmentMembers($id: ID!, $after: String) {
    customers(segmentId: $id, first: 30, after: $after) {
      edges {
        node {
          id
          name
          alias
          memberNo
          cell
          store {
            id
            name
          }
          segments {
            segmentId
            since
            reasons
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

export const FindCustomersQuery = graphql(`
  query FindForSegment($search: String!) {
    customers(search: $search, first: 8) {
      edges {
        node {
          id
          name
          alias
          memberNo
          cell
          store {
            id
            name
          }
        }
      }
    }
  }
`)

export const SaveSegment = graphql(
  `
    mutation SaveSegment($input: SaveSegmentInput!) {
      saveSegment(input: $input) {
        segment {
          ...SegmentFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [SegmentFields],
)

export const ArchiveSegment = graphql(
  `
    mutation ArchiveSegment($input: ArchiveSegmentInput!) {
      archiveSegment(input: $input) {
        segment {
          ...SegmentFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [SegmentFields],
)

export const RestoreSegment = graphql(
  `
    mutation RestoreSegment($input: RestoreSegmentInput!) {
      restoreSegment(input: $input) {
        segment {
          ...SegmentFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [SegmentFields],
)

export const FreezeSegment = graphql(
  `
    mutation FreezeSegment($input: FreezeSegmentInput!) {
      freezeSegment(input: $input) {
        segment {
          ...SegmentFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [SegmentFields],
)

export type Segment = ResultOf<typeof SegmentFields>
export type Fact = ResultOf<typeof SegmentFactsQuery>['segmentFacts'][number]
export type Arg = Fact['args'][number]
export type Option = Fact['options'][number]
export type Preview = ResultOf<typeof SegmentPreviewQuery>['segmentPreview']
export type Person = Preview['sample'][number]
export type Member = ResultOf<typeof SegmentMembersQuery>['customers']['edges'][number]['node']
