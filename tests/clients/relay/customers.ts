// What a Relay app would write: pages by cursor, one object refetched by its global id. Only compiled, never run.
declare const graphql: (text: TemplateStringsArray) => unknown

graphql`
  query customersQuery($first: Int!) {
    ...customersList @arguments(first: $first)
    stores {
      id
      name
    }
  }
`

graphql`
  fragment customersList on Query
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "customersPageQuery") {
    customers(first: $first, after: $after) @connection(key: "customersList_customers") {
      edges {
        node {
          id
          ...customersCard
        }
      }
    }
  }
`

graphql`
  fragment customersCard on Customer @refetchable(queryName: "customersCardQuery") {
    id
    name
    stats {
      orderCount
      net {
        minor
        currency
      }
    }
  }
`

graphql`
  mutation customersIngestMutation($input: IngestOrdersInput!) {
    ingestOrders(input: $input) {
      results {
        index
        verdict
        orderId
      }
      userErrors {
        code
        message
      }
    }
  }
`
