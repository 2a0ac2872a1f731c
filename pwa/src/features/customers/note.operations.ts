import { graphql } from '@/shared/graphql/tada.ts'

export const AddNote = graphql(`
  mutation AddNote($input: AddNoteInput!) {
    addNote(input: $input) {
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
