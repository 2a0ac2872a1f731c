import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const FillLink = graphql(`
  fragment FillLink on CustomerLink {
    id
    url
    qr
    open
    unsure
    singleUse
    orderId
    createdAt
    expiresAt
    usedAt
    asks
    offers
    staff {
      id
    }
    answers {
      name
      label
      state
      text
    }
  }
`)

export const LinksQuery = graphql(
  `
    query CustomerLinks($customerId: ID, $storeId: ID) {
      customerLinks(customerId: $customerId, storeId: $storeId) {
        ...FillLink
      }
    }
  `,
  [FillLink],
)

export const CreateLink = graphql(
  `
    mutation CreateCustomerLink($input: CreateCustomerLinkInput!) {
      createCustomerLink(input: $input) {
        link {
          ...FillLink
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [FillLink],
)

export const RevokeLink = graphql(`
  mutation RevokeCustomerLink($input: RevokeCustomerLinkInput!) {
    revokeCustomerLink(input: $input) {
      link {
        id
        open
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const SettleAnswers = graphql(`
  mutation SettleLinkAnswers($input: SettleLinkAnswersInput!) {
    settleLinkAnswers(input: $input) {
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

export const OffersQuery = graphql(`
  query LinkOffers {
    linkOffers {
      version
      offers {
        key
        zh
        en
      }
      fields {
        key
        label
        asked
      }
    }
  }
`)

export const SaveOffers = graphql(`
  mutation SaveLinkOffers($input: SaveLinkOffersInput!) {
    saveLinkOffers(input: $input) {
      offers {
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

export type Link = ResultOf<typeof FillLink>
/** A customer's, perhaps printed on a receipt of hers; or a store's, for whoever scans it. */
export type Whose = { customerId: string; orderId?: string } | { storeId: string }
