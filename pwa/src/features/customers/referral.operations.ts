import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const ReferralsQuery = graphql(`
  query Referrals($id: ID!) {
    customer(id: $id) {
      referrals {
        count
        furtherCount
        referrer {
          id
          name
          store
        }
        brought {
          id
          name
          store
          brought {
            id
            name
            store
          }
        }
      }
    }
  }
`)

export const FindReferrer = graphql(`
  query FindReferrer($search: String!) {
    customers(search: $search, first: 8) {
      edges {
        node {
          id
          name
          alias
          phone
          memberNo
        }
      }
    }
  }
`)

export const SetReferrer = graphql(`
  mutation SetReferrer($input: UpdateCustomerInput!) {
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

export type Referrals = NonNullable<ResultOf<typeof ReferralsQuery>['customer']>['referrals']
export type Person = Pick<Referrals['brought'][number], 'id' | 'name' | 'store'>
export type Found = ResultOf<typeof FindReferrer>['customers']['edges'][number]['node']
