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
      duplicates
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
    mapped
    doubles
    overwrite {
      field
      policy
    }
    overwriteOthers
    continues
    undoUntil
    undo {
      removed
      restored
      stayed
    }
    sheets {
      sheet
      header
      columns {
        heading
        field
        samples
      }
    }
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

export const RowsQuery = graphql(`
  query ImportRows($id: ID!, $verdict: RowFate, $first: Int!, $after: String) {
    importJob(id: $id) {
      id
      rows(verdict: $verdict, first: $first, after: $after) {
        edges {
          node {
            sheet
            row
            verdict
            message
            customer {
              id
              name
              phone
            }
            twin {
              id
              name
              phone
            }
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

export const StayedQuery = graphql(`
  query ImportStayed($id: ID!) {
    importJob(id: $id) {
      id
      stayed(first: 50) {
        edges {
          node {
            message
            customer {
              id
              name
            }
          }
        }
      }
    }
  }
`)

export const ImportFieldsQuery = graphql(`
  query ImportFields {
    importFields {
      key
      label
      overwritable
    }
  }
`)

export const UndoImport = graphql(
  `
    mutation UndoImport($input: UndoImportInput!) {
      undoImport(input: $input) {
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
export type Policy = Job['overwriteOthers']
export type Verdict = NonNullable<VariablesOf<typeof RowsQuery>['verdict']>
export type ShownRow = NonNullable<ResultOf<typeof RowsQuery>['importJob']>['rows']['edges'][number]['node']
export type Stays = NonNullable<ResultOf<typeof StayedQuery>['importJob']>['stayed']['edges'][number]['node']
export type ImportField = ResultOf<typeof ImportFieldsQuery>['importFields'][number]
