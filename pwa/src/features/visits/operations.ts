import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const RecordVisit = graphql(`
  mutation RecordVisit($input: RecordVisitInput!) {
    recordVisit(input: $input) {
      visit {
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

export const UpdateVisit = graphql(`
  mutation UpdateVisit($input: UpdateVisitInput!) {
    updateVisit(input: $input) {
      visit {
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

export const UndoVisit = graphql(`
  mutation UndoVisit($input: UndoVisitInput!) {
    undoVisit(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const AddInteraction = graphql(`
  mutation AddInteraction($input: AddInteractionInput!) {
    addInteraction(input: $input) {
      entry {
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

export const UndoInteraction = graphql(`
  mutation UndoInteraction($input: UndoInteractionInput!) {
    undoInteraction(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const OpenVisits = graphql(`
  query OpenVisits {
    openVisits {
      id
      kind
      channel
      bought
      at
    }
    paperCards(first: 1) {
      totalCount
    }
  }
`)

export type Door = ResultOf<typeof OpenVisits>
export type OpenVisit = Door['openVisits'][number]
