import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const AskToShare = graphql(`
  mutation AskToShare($input: AskToShareInput!) {
    askToShare(input: $input) {
      request {
        id
        state
      }
      existing {
        id
        name
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const ShareRequest = graphql(`
  query ShareRequest($id: ID!) {
    shareRequest(id: $id) {
      id
      state
      createdAt
      askedBy {
        name
      }
      store {
        name
      }
      customer {
        id
        name
        alias
        phone
        cell
        guide {
          name
        }
      }
    }
  }
`)

export const AnswerShareRequest = graphql(`
  mutation AnswerShareRequest($input: AnswerShareRequestInput!) {
    answerShareRequest(input: $input) {
      request {
        id
        state
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Request = NonNullable<ResultOf<typeof ShareRequest>['shareRequest']>
