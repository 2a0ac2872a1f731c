import { MeFields } from '@/shared/graphql/operations.ts'
import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const SignIn = graphql(
  `
    mutation SignIn($input: SignInInput!) {
      signIn(input: $input) {
        me {
          ...MeFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [MeFields],
)

export const SignOut = graphql(`
  mutation SignOut($input: SignOutInput!) {
    signOut(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const SessionsQuery = graphql(`
  query Sessions {
    sessions {
      id
      device
      createdAt
      lastSeenAt
      current
    }
  }
`)

export const RevokeSession = graphql(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UpdateMe = graphql(`
  mutation UpdateMe($input: UpdateMeInput!) {
    updateMe(input: $input) {
      me {
        locale
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Session = ResultOf<typeof SessionsQuery>['sessions'][number]
