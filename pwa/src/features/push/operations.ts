import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const PushDevicesQuery = graphql(`
  query PushDevices {
    pushDevices {
      id
      device
      createdAt
      lastSuccessAt
      failing
    }
  }
`)

export const SubscribePush = graphql(`
  mutation SubscribePush($input: SubscribePushInput!) {
    subscribePush(input: $input) {
      device {
        id
        device
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UnsubscribePush = graphql(`
  mutation UnsubscribePush($input: UnsubscribePushInput!) {
    unsubscribePush(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const TestPush = graphql(`
  mutation TestPush($input: TestPushInput!) {
    testPush(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type PushDevice = ResultOf<typeof PushDevicesQuery>['pushDevices'][number]
