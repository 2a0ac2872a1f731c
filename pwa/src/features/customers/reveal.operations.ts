import { graphql } from '@/shared/graphql/tada.ts'

export const RevealPhone = graphql(`
  mutation RevealPhone($input: RevealPhoneInput!) {
    revealPhone(input: $input) {
      phone
      userErrors {
        code
        field
        message
      }
    }
  }
`)
