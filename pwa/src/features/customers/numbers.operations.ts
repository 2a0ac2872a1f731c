import { graphql, type ResultOf, type VariablesOf } from '@/shared/graphql/tada.ts'

export const CustomerNumbers = graphql(`
  query CustomerNumbers($id: ID!) {
    customer(id: $id) {
      id
      store {
        id
      }
      identities {
        id
        kind
        value
        usedBy {
          contactId
          customerId
          name
          role
          label
        }
      }
      reachedThrough {
        kind
        value
        owner {
          contactId
          customerId
          name
          role
          label
        }
      }
      shares {
        at
        store {
          id
          name
        }
      }
    }
  }
`)

export const AddIdentity = graphql(`
  mutation AddIdentity($input: AddIdentityInput!) {
    addIdentity(input: $input) {
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

export const RemoveIdentity = graphql(`
  mutation RemoveIdentity($input: RemoveIdentityInput!) {
    removeIdentity(input: $input) {
      customer {
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

export const DisownIdentity = graphql(`
  mutation DisownIdentity($input: DisownIdentityInput!) {
    disownIdentity(input: $input) {
      customer {
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

export const ChoosePhone = graphql(`
  mutation ChoosePhone($input: ChoosePhoneInput!) {
    choosePhone(input: $input) {
      customer {
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

export const RemoveContact = graphql(`
  mutation RemoveContact($input: RemoveContactInput!) {
    removeContact(input: $input) {
      customer {
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

export const EndShare = graphql(`
  mutation EndShare($input: EndShareInput!) {
    endShare(input: $input) {
      customer {
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

export type Numbers = NonNullable<ResultOf<typeof CustomerNumbers>['customer']>
export type Identity = Numbers['identities'][number]
export type Relative = Identity['usedBy'][number]
type AddInput = VariablesOf<typeof AddIdentity>['input']
export type Kind = AddInput['kind']
export type Role = Relative['role']
export const KINDS = ['PHONE', 'WECHAT', 'CARD', 'EMAIL', 'MEMBER_NO'] as const satisfies Kind[]
export const ROLES = ['MOTHER', 'FATHER', 'GRANDMOTHER', 'GRANDFATHER', 'NANNY', 'OTHER'] as const satisfies Role[]

/** How to go about a number that somebody has already. */
export interface Claim {
  /** SAME: nobody is entered; who comes with her becomes hers who has it. */
  ifTaken: 'FAMILY' | 'TAKE_OVER' | 'SAME'
  role?: Role
}
