/* What happens once when the app opens: who is here, what waits, and when to send it. */
import { flusher, reload } from '@/shared/graphql/outbox.ts'
import { restore, staffId, verify } from '@/shared/graphql/session.ts'
import { onNews } from '@/shared/offline/changes.ts'
import { forget } from '@/shared/offline/outbox.ts'
import { expireSnapshots, TTL } from '@/shared/offline/snapshots.ts'
import { dismiss } from '@/shared/ui/toast.ts'
import { SIGN_IN, router } from './router.ts'

/** Opens with what the device knows; the server is asked behind it. Waits for the server only where nobody is known. */
export async function start(): Promise<void> {
  const known = await restore().catch(() => null)
  await reload().catch(() => undefined)
  const asked = verify().catch(() => undefined)
  if (!known) await asked
  void asked.then(() => flusher.poke())

  addEventListener('online', () => flusher.hurry())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') flusher.hurry()
  })
  onNews((news) => {
    if (news === 'sign-in-needed') void verify().catch(() => undefined)
    if (news === 'signed-in') void reload()
    if (news === 'signed-out') goToSignIn()
  })
  void expireSnapshots().catch(() => undefined)
  void forget(Date.now() - TTL).catch(() => undefined)
}

function goToSignIn(): void {
  dismiss()
  const at = router.currentRoute.value
  if (!staffId.value && at.name !== SIGN_IN) void router.replace({ name: SIGN_IN, query: { next: at.fullPath } })
}
