/* Accepting an invitation, or a link for a new password: signs in as signing in does. */
import { ask } from '@/shared/graphql/client.ts'
import { MeFields } from '@/shared/graphql/operations.ts'
import { graphql } from '@/shared/graphql/tada.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import type { Reason } from '@/shared/offline/db.ts'
import { deviceName } from './device.ts'
import { enter } from './sign-in.ts'

export const AcceptInvitation = graphql(
  `
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
      acceptInvitation(input: $input) {
        me {
          ...MeFields
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [MeFields],
)

/** The server's reasons where it refuses. Throws `Unreachable` offline. */
export function join(token: string, password: string): Promise<Reason[]> {
  const input = { operationId: uuid7(), token, password, device: deviceName() }
  return enter(async () => (await ask(AcceptInvitation, { input })).acceptInvitation)
}
