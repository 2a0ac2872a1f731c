import { type FragmentOf, graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const CustomerRow = graphql(`
  fragment CustomerRow on Customer {
    id
    name
    alias
    cell
    level
    phone
    memberNo
    store { id name }
    guide { id name }
    stats { orderCount lastOrderAt }
  }
`)

export const CustomersQuery = graphql(
  `
    query Customers($search: String, $storeId: ID, $mine: Boolean!, $cell: RfmCell, $first: Int!, $after: String) {
      customers(search: $search, storeId: $storeId, mine: $mine, cell: $cell, first: $first, after: $after) {
        edges { node { ...CustomerRow } }
        pageInfo { hasNextPage endCursor }
      }
    }
  `,
  [CustomerRow],
)

export const OrderFacts = graphql(`
  fragment OrderFacts on OrderConnection {
    edges {
      node {
        id
        kind
        status
        placedAt
        receiptNo
        store { name }
        total { minor currency }
        lines { position name sku quantity total { minor currency } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
`)

export const TimelineFacts = graphql(`
  fragment TimelineFacts on TimelineConnection {
    edges { node { id kind at actor title detail } }
    pageInfo { hasNextPage endCursor }
  }
`)

export const CustomerDetail = graphql(
  `
    fragment CustomerDetail on Customer {
      id
      name
      alias
      gender
      birthday
      level
      source
      note
      phone
      memberNo
      store { id name }
      guide { id name }
      cell
      stats {
        orderCount
        net { minor currency }
        refunded { minor currency }
        firstOrderAt
        lastOrderAt
        averageGapDays
        months { month net { minor currency } }
      }
      timeline(first: 12) { ...TimelineFacts }
      version
      createdAt
    }
  `,
  [TimelineFacts],
)

export const CustomerForEdit = graphql(
  `
    query CustomerForEdit($id: ID!) {
      customer(id: $id) { ...CustomerDetail }
    }
  `,
  [CustomerDetail],
)

export const CustomerOrders = graphql(
  `
    query CustomerOrders($id: ID!, $after: String) {
      customer(id: $id) {
        orders(first: 20, after: $after) { ...OrderFacts }
      }
    }
  `,
  [OrderFacts],
)

export const CustomerTimeline = graphql(
  `
    query CustomerTimeline($id: ID!, $after: String) {
      customer(id: $id) {
        timeline(first: 20, after: $after) { ...TimelineFacts }
      }
    }
  `,
  [TimelineFacts],
)

export const PhoneOwner = graphql(`
  query PhoneOwner($phone: String!) {
    customers(search: $phone, first: 1) {
      edges { node { id name alias phone store { name } } }
    }
  }
`)

export const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer { id version }
      existing { id name phone store { name } }
      userErrors { code field message }
    }
  }
`)

export const UpdateCustomer = graphql(`
  mutation UpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) {
      customer { id version }
      conflicts { field yours theirs }
      userErrors { code field message }
    }
  }
`)

export const AddNote = graphql(`
  mutation AddNote($input: AddNoteInput!) {
    addNote(input: $input) {
      entry { id }
      userErrors { code field message }
    }
  }
`)

export type Row = FragmentOf<typeof CustomerRow>
export type Detail = FragmentOf<typeof CustomerDetail>
export type Timeline = FragmentOf<typeof TimelineFacts>
export type TimelineEntry = Timeline['edges'][number]['node']
export type Order = FragmentOf<typeof OrderFacts>['edges'][number]['node']
export type Cell = NonNullable<Row['cell']>
export type Existing = NonNullable<ResultOf<typeof CreateCustomer>['createCustomer']['existing']>
export type Conflict = ResultOf<typeof UpdateCustomer>['updateCustomer']['conflicts'][number]
export const CELLS = ['HHH', 'HLH', 'LHH', 'LLH', 'HHL', 'HLL', 'LHL', 'LLL'] as const satisfies Cell[]
