/* Documents that put several features' fragments on one page. */
import { CustomerDetail } from '@/features/customers/operations.ts'
import { TaskCard } from '@/features/tasks/operations.ts'
import { graphql } from '@/shared/graphql/tada.ts'

export const CustomerQuery = graphql(
  `
    query CustomerById($id: ID!) {
      customer(id: $id) {
        ...CustomerDetail
        task {
          ...TaskCard
        }
      }
    }
  `,
  [CustomerDetail, TaskCard],
)
