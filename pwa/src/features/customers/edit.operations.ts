import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'
import { CustomerDetail } from './operations.ts'

export const CustomerForEdit = graphql(
  `
    query CustomerForEdit($id: ID!) {
      customer(id: $id) {
        ...CustomerDetail
      }
    }
  `,
  [CustomerDetail],
)

export const PhoneOwner = graphql(`
  query PhoneOwner($phone: String!) {
    customers(search: $phone, first: 5) {
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

export const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer {
        id
        version
      }
      existing {
        id
        name
        phone
        store {
          name
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UpdateCustomer = graphql(`
  mutation UpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) {
      customer {
        id
        version
      }
      conflicts {
        field
        yours
        theirs
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Existing = NonNullable<ResultOf<typeof CreateCustomer>['createCustomer']['existing']>
export type Conflict = ResultOf<typeof UpdateCustomer>['updateCustomer']['conflicts'][number]
