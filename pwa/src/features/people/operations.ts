import { graphql, type FragmentOf, type ResultOf } from '@/shared/graphql/tada.ts'

export const Colleague = graphql(`
  fragment Colleague on StaffMember {
    id
    name
    maskedPhone
    roles {
      role
      region
      regionId
      store {
        id
        name
      }
    }
    invitedAt
    leftAt
    lastSeenAt
  }
`)

export const Member = graphql(
  `
    fragment Member on StaffMember {
      ...Colleague
      openCards
      sessions {
        id
        device
        lastSeenAt
      }
    }
  `,
  [Colleague],
)

export const ColleaguesQuery = graphql(
  `
    query Colleagues($search: String, $storeId: ID, $left: Boolean!, $first: Int!, $after: String) {
      staffMembers(search: $search, storeId: $storeId, left: $left, first: $first, after: $after) {
        edges {
          node {
            ...Colleague
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [Colleague],
)

export const MemberQuery = graphql(
  `
    query Member($id: ID!) {
      staffMember(id: $id) {
        ...Member
      }
    }
  `,
  [Member],
)

export const HouseQuery = graphql(`
  query House {
    stores {
      id
      name
      code
      region
    }
    regions {
      id
      name
    }
  }
`)

export const InviteStaff = graphql(`
  mutation InviteStaff($input: InviteStaffInput!) {
    inviteStaff(input: $input) {
      staff {
        id
      }
      link
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RenewInvitation = graphql(`
  mutation RenewInvitation($input: RenewInvitationInput!) {
    renewInvitation(input: $input) {
      link
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const SetStaffRoles = graphql(`
  mutation SetStaffRoles($input: SetStaffRolesInput!) {
    setStaffRoles(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UpdateStaff = graphql(`
  mutation UpdateStaff($input: UpdateStaffInput!) {
    updateStaff(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const EndStaff = graphql(`
  mutation EndStaff($input: EndStaffInput!) {
    endStaff(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RevokeStaffSessions = graphql(`
  mutation RevokeStaffSessions($input: RevokeStaffSessionsInput!) {
    revokeStaffSessions(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const OpenStore = graphql(`
  mutation OpenStore($input: OpenStoreInput!) {
    openStore(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UpdateStore = graphql(`
  mutation UpdateStore($input: UpdateStoreInput!) {
    updateStore(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Person = FragmentOf<typeof Colleague>
export type Whole = FragmentOf<typeof Member>
export type House = ResultOf<typeof HouseQuery>
export type Store = House['stores'][number]
export type Role = Person['roles'][number]['role']
