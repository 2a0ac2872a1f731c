import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

/** What a customer's card asks for, as a form needs it. */
export const CardTemplate = graphql(`
  query CardTemplate {
    profileTemplate {
      version
      groups {
        key
        title
      }
      fields {
        key
        kind
        group
        label
        help
        options {
          key
          label
          archived
        }
        required
        subject
        builtIn
        computed
        archivedAt
        maySee
        mayEdit
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

/** For the pickers of places and people. */
export const PlacesQuery = graphql(`
  query Places {
    stores {
      id
      name
    }
    colleagues {
      id
      name
    }
  }
`)

export const PersonSearch = graphql(`
  query PersonSearch($search: String) {
    customers(search: $search, first: 8) {
      edges {
        node {
          id
          name
          alias
          phone
          store {
            name
          }
        }
      }
    }
  }
`)

export type Template = ResultOf<typeof CardTemplate>['profileTemplate']
export type Field = Template['fields'][number]
export type Rule = Field['rules'][number]
export type Found = ResultOf<typeof PersonSearch>['customers']['edges'][number]['node']
