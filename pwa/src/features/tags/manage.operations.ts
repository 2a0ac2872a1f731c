import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'
import { BatchFacts } from './operations.ts'

export const TagsQuery = graphql(
  `
    query Tags {
      tagGroups(archived: true) {
        id
        name
        exclusive
        version
        archivedAt
        tags {
          id
          name
          colour
          kind
          version
          archivedAt
          groupId
          mergedIntoId
          customers
          segment {
            id
            name
          }
        }
      }
      tagBatches {
        ...BatchFacts
      }
      segmentList {
        id
        name
        kind
        members
      }
      stores {
        id
        name
      }
    }
  `,
  [BatchFacts],
)

export const CountWhom = graphql(`
  query CountWhom($storeId: ID, $cell: RfmCell, $segmentId: ID, $tagId: ID) {
    customers(storeId: $storeId, cell: $cell, segmentId: $segmentId, tagId: $tagId, first: 1) {
      totalCount
    }
  }
`)

export const SaveTagGroup = graphql(`
  mutation SaveTagGroup($input: SaveTagGroupInput!) {
    saveTagGroup(input: $input) {
      group {
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

export const ArchiveTagGroup = graphql(`
  mutation ArchiveTagGroup($input: ArchiveTagGroupInput!) {
    archiveTagGroup(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RestoreTagGroup = graphql(`
  mutation RestoreTagGroup($input: RestoreTagGroupInput!) {
    restoreTagGroup(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const ArrangeTags = graphql(`
  mutation ArrangeTags($input: ArrangeTagsInput!) {
    arrangeTags(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const SaveTag = graphql(`
  mutation SaveTag($input: SaveTagInput!) {
    saveTag(input: $input) {
      tag {
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

export const ArchiveTag = graphql(`
  mutation ArchiveTag($input: ArchiveTagInput!) {
    archiveTag(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RestoreTag = graphql(`
  mutation RestoreTag($input: RestoreTagInput!) {
    restoreTag(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const MergeTags = graphql(`
  mutation MergeTags($input: MergeTagsInput!) {
    mergeTags(input: $input) {
      tag {
        id
        customers
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UndoTagging = graphql(
  `
    mutation UndoTagging($input: UndoTaggingInput!) {
      undoTagging(input: $input) {
        batch {
          ...BatchFacts
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [BatchFacts],
)

export type Book = ResultOf<typeof TagsQuery>
export type Group = Book['tagGroups'][number]
export type Tag = Group['tags'][number]
export type Segment = Book['segmentList'][number]
