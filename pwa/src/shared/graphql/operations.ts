/* Who is signed in: what every screen needs to know. */
import { graphql, type ResultOf } from './tada.ts'

export const MeFields = graphql(`
  fragment MeFields on Me {
    staff {
      id
      name
    }
    brand {
      id
      name
      currency
      timezone
    }
    cells {
      cell
      zhCn
      en
    }
    roles {
      role
      region
      store {
        id
        name
      }
    }
    stores {
      id
      name
      timezone
    }
    locale
    pushKey
    unread
    sessionId
  }
`)

export const MeQuery = graphql(
  `
    query Me {
      me {
        ...MeFields
      }
    }
  `,
  [MeFields],
)

export type Me = ResultOf<typeof MeFields>
