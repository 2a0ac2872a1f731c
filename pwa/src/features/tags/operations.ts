import { type FragmentOf, graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const TagChoicesQuery = graphql(`
  query TagChoices {
    tagGroups {
      id
      name
      exclusive
      tags {
        id
        name
        colour
        kind
      }
    }
  }
`)

export const BatchFacts = graphql(`
  fragment BatchFacts on TagBatch {
    id
    adding
    state
    customers
    staff
    createdAt
    undoUntil
    undoneAt
    kept
    tag {
      id
      name
      colour
    }
    displaced {
      customers
      tag {
        id
        name
      }
    }
  }
`)

export const TagCustomers = graphql(
  `
    mutation TagCustomers($input: TagCustomersInput!) {
      tagCustomers(input: $input) {
        batch {
          ...BatchFacts
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [BatchFacts],
)

export const UntagCustomers = graphql(
  `
    mutation UntagCustomers($input: UntagCustomersInput!) {
      untagCustomers(input: $input) {
        batch {
          ...BatchFacts
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [BatchFacts],
)

export type Batch = FragmentOf<typeof BatchFacts>
export type Choices = ResultOf<typeof TagChoicesQuery>
export type ChoiceGroup = Choices['tagGroups'][number]
export type Choice = ChoiceGroup['tags'][number]
export type Colour = Choice['colour']
export const COLOURS = ['SLATE', 'PINE', 'MOSS', 'SKY', 'PLUM', 'ROSE', 'CLAY', 'AMBER'] as const satisfies Colour[]
