import { graphql, type ResultOf, type VariablesOf } from '@/shared/graphql/tada.ts'

export const JobFields = graphql(`
  fragment JobFields on ImportJob {
    id
    kind
    state
    dryRun
    followUps
    fileName
    fileBytes
    createdAt
    startedAt
    endedAt
    looked
    rowsTotal
    counts {
      read
      created
      updated
      unchanged
      rejected
    }
    startedBy {
      name
    }
    skippedSheets {
      sheet
      message
    }
    problem
    uploadId
    storeId
  }
`)

export const ImportJobsQuery = graphql(
  `
    query ImportJobs($first: Int!) {
      importJobs(first: $first) {
        edges {
          node {
            ...JobFields
          }
        }
      }
    }
  `,
  [JobFields],
)

export const ImportJobQuery = graphql(
  `
    query ImportJobById($id: ID!) {
      importJob(id: $id) {
        ...JobFields
      }
    }
  `,
  [JobFields],
)

export const RejectedRowsQuery = graphql(`
  query RejectedRows($id: ID!, $first: Int!, $after: String) {
    importJob(id: $id) {
      id
      rejectedRows(first: $first, after: $after) {
        edges {
          node {
            sheet
            row
            message
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

export const StartImport = graphql(
  `
    mutation StartImport($input: StartImportInput!) {
      startImport(input: $input) {
        job {
          ...JobFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [JobFields],
)

export const CancelImport = graphql(
  `
    mutation CancelImport($input: CancelImportInput!) {
      cancelImport(input: $input) {
        job {
          ...JobFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [JobFields],
)

export type Job = ResultOf<typeof JobFields>
export type Kind = Job['kind']
export type Choices = Omit<VariablesOf<typeof StartImport>['input'], 'operationId' | 'uploadId'>
export interface RejectedRow {
  sheet: string
  row: number
  message: string
}
