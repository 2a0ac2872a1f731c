import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const ProblemCards = graphql(`
  query ProblemCards($code: String, $storeId: ID, $mine: Boolean!, $first: Int!, $after: String) {
    problemCards(code: $code, storeId: $storeId, mine: $mine, first: $first, after: $after) {
      edges {
        node {
          customer {
            id
            name
            alias
            phone
            birthDate
            version
            createdAt
            store {
              name
            }
            guide {
              name
            }
          }
          problems {
            code
            message
            advice
            field
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      kinds {
        code
        message
        count
      }
      mended {
        staff {
          id
          name
        }
        count
      }
    }
    profileTemplate {
      version
      fields {
        key
        label
        help
        kind
        group
        subject
        builtIn
        computed
        archivedAt
        required
        maySee
        mayEdit
        options {
          key
          label
          archived
        }
        rules {
          code
          value
          values
          message
        }
      }
    }
  }
`)

export const QualityFigures = graphql(`
  query QualityFigures($by: BoardGrouping!, $regionId: ID, $noRegion: Boolean!, $storeId: ID) {
    quality(by: $by, regionId: $regionId, noRegion: $noRegion, storeId: $storeId, days: 8) {
      fullFrom
      counts {
        customers
        average
        fullShare
        flawed
      }
      rows {
        key
        region {
          id
          name
        }
        store {
          id
          name
        }
        staff {
          id
          name
        }
        counts {
          customers
          average
          fullShare
          flawed
        }
      }
      days {
        date
        counts {
          average
        }
      }
    }
  }
`)

export const QualityHistory = graphql(`
  query QualityHistory($storeId: ID, $staffId: ID, $pool: Boolean!, $days: Int!) {
    quality(by: STORE, storeId: $storeId, staffId: $staffId, pool: $pool, days: $days) {
      fullFrom
      counts {
        customers
        average
        fullShare
        flawed
      }
      days {
        date
        counts {
          customers
          average
          fullShare
          flawed
        }
      }
    }
  }
`)

export const DismissProblem = graphql(`
  mutation DismissProblem($input: DismissProblemInput!) {
    dismissProblem(input: $input) {
      customer {
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

export const RestoreProblem = graphql(`
  mutation RestoreProblem($input: RestoreProblemInput!) {
    restoreProblem(input: $input) {
      customer {
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

type Answer = ResultOf<typeof ProblemCards>
export type Queue = Answer['problemCards']
export type ProblemCard = Queue['edges'][number]['node']
export type Problem = ProblemCard['problems'][number]
export type Template = Answer['profileTemplate']
export type Field = Template['fields'][number]
export type History = ResultOf<typeof QualityHistory>['quality']
export type HistoryDay = History['days'][number]
export type Figures = ResultOf<typeof QualityFigures>['quality']
