import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const AuditQuery = graphql(`
  query Audit($filter: AuditFilterInput, $first: Int!, $after: String) {
    auditEvents(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          at
          kind
          title
          detail
          actor
          customer {
            id
            name
            alias
            phone
            memberNo
          }
        }
      }
      kinds {
        kind
        title
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const WrittenTextsQuery = graphql(`
  query WrittenTexts {
    consentTexts {
      id
      purpose
      version
      savedBy
      savedAt
      bodies {
        locale
        text
      }
    }
  }
`)

export const SaveConsentText = graphql(`
  mutation SaveConsentText($input: SaveConsentTextInput!) {
    saveConsentText(input: $input) {
      text {
        id
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const PrivacyQuery = graphql(`
  query CustomerPrivacy($id: ID!) {
    customer(id: $id) {
      id
      name
      alias
      phone
      memberNo
    }
  }
`)

export const ErasureQuery = graphql(`
  query Erasure($id: ID!) {
    erasurePreview(id: $id) {
      confirmWith
      goes {
        name
        label
        count
      }
      stays {
        name
        label
        count
      }
    }
  }
`)

export const CopyCustomer = graphql(`
  mutation CopyCustomer($input: CopyCustomerInput!) {
    copyCustomer(input: $input) {
      path
      expiresAt
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const EraseCustomer = graphql(`
  mutation EraseCustomer($input: EraseCustomerInput!) {
    eraseCustomer(input: $input) {
      erased
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type AuditPage = ResultOf<typeof AuditQuery>['auditEvents']
export type WrittenText = ResultOf<typeof WrittenTextsQuery>['consentTexts'][number]
export type Preview = ResultOf<typeof ErasureQuery>['erasurePreview']
