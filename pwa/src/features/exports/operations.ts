import { graphql, type ResultOf, type VariablesOf } from '@/shared/graphql/tada.ts'

export const ExportFields = graphql(`
  fragment ExportFields on ExportJob {
    id
    state
    format
    reason
    createdAt
    rows
    rowsTotal
    fileName
    expiresAt
    path
    problem
  }
`)

export const ExportsQuery = graphql(
  `
    query Exports {
      exports(first: 10) {
        edges {
          node {
            ...ExportFields
          }
        }
      }
    }
  `,
  [ExportFields],
)

export const ExportColumnsQuery = graphql(`
  query ExportColumns {
    exportColumns {
      key
      label
      own
    }
  }
`)

export const StartExport = graphql(
  `
    mutation StartExport($input: StartExportInput!) {
      startExport(input: $input) {
        job {
          ...ExportFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [ExportFields],
)

export type Export = ResultOf<typeof ExportFields>
export type Column = ResultOf<typeof ExportColumnsQuery>['exportColumns'][number]
export type Wish = Omit<VariablesOf<typeof StartExport>['input'], 'operationId'>
