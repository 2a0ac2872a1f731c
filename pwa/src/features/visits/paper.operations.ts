import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const PaperCards = graphql(`
  query PaperCards {
    paperCards(first: 50) {
      totalCount
      edges {
        node {
          id
          photo
          at
          staff {
            name
          }
        }
      }
    }
  }
`)

export const FinishPaperCard = graphql(`
  mutation FinishPaperCard($input: FinishPaperCardInput!) {
    finishPaperCard(input: $input) {
      card {
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

export const DiscardPaperCard = graphql(`
  mutation DiscardPaperCard($input: DiscardPaperCardInput!) {
    discardPaperCard(input: $input) {
      card {
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

export type Queue = ResultOf<typeof PaperCards>['paperCards']
export type Paper = Queue['edges'][number]['node']
