/* Signing in and out: both need the server, and both wait until nothing is being sent. */
import { ask } from '@/shared/graphql/client.ts'
import { flusher, reload } from '@/shared/graphql/outbox.ts'
import { adopt, changingPerson, leave } from '@/shared/graphql/session.ts'
import type { Me } from '@/shared/graphql/operations.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import { plainPhone } from '@/shared/lib/phone.ts'
import type { Reason } from '@/shared/offline/db.ts'
import { deviceName, remember } from './device.ts'
import { SignIn, SignOut } from './operations.ts'

/** Signs in; returns the server's reasons where it refuses. Throws `Unreachable` offline. */
export async function signIn(phone: string, password: string): Promise<Reason[]> {
  const input = { operationId: uuid7(), phone: plainPhone(phone), password, device: deviceName() }
  return enter(async () => (await ask(SignIn, { input })).signIn)
}

/** Makes whoever `open` lets in the person of this device; returns the server's reasons where it lets nobody in. */
export async function enter(open: () => Promise<{ me: Me | null; userErrors: Reason[] }>): Promise<Reason[]> {
  const reasons = await changingPerson(async () => {
    const answer = await open()
    if (!answer.me) return answer.userErrors
    await adopt(answer.me)
    await remember(answer.me.staff.id, answer.me.staff.name)
    return []
  })
  if (!reasons.length) {
    await reload()
    void flusher.poke()
    // The device keeps writes for hours without a network: ask that they are not cleared away.
    void navigator.storage?.persist?.().catch(() => false)
  }
  return reasons
}

/** Signs out and forgets everything of hers on this device. Throws `Unreachable` offline. */
export async function signOut(): Promise<void> {
  await changingPerson(async () => {
    await ask(SignOut, { input: { operationId: uuid7() } })
    await leave(true)
  })
  await reload()
}
