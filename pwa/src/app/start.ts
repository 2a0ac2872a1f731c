/* What happens once when the app opens: who is here, what waits, and when to send it. */
import { flusher, reload } from '@/shared/graphql/outbox.ts'
import { restore, staffId, verify } from '@/shared/graphql/session.ts'
import { whenIdle } from '@/shared/lib/idle.ts'
import { onNews } from '@/shared/offline/changes.ts'
import { forget } from '@/shared/offline/outbox.ts'
import { expireSnapshots, TTL } from '@/shared/offline/snapshots.ts'
import { dismiss } from '@/shared/ui/toast.ts'
import { afterSignIn, router, SIGN_IN } from './router.ts'

const PATIENCE = 1500
/** How long what is known of her (her rights, what she has not read) is fresh enough. */
const FRESH = 60_000
let verifiedAt = Date.now()

/** Opens with what the device knows; the server is asked behind it. Waits for the server only where nobody is known,
    and not where signing in is what was asked for. */
export async function start(): Promise<void> {
  const known = await restore().catch(() => null)
  await reload().catch(() => undefined)
  const asked = verify().catch(() => undefined)
  // A server that does not answer must not leave the screen white.
  if (!known && location.pathname !== '/sign-in')
    await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
  void asked.then(() => flusher.poke())

  addEventListener('online', () => flusher.hurry())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    flusher.hurry()
    if (Date.now() - verifiedAt < FRESH) return
    verifiedAt = Date.now()
    void verify().catch(() => undefined)
  })
  onNews((news) => {
    if (news === 'sign-in-needed') void verify().catch(() => undefined)
    if (news === 'signed-in') void reload().then(leaveSignIn)
    if (news === 'signed-in' || news === 'rights') whenIdle(keepTemplate)
    if (news === 'signed-out') goToSignIn()
  })
  whenIdle(() => {
    void expireSnapshots().catch(() => undefined)
    void forget(Date.now() - TTL).catch(() => undefined)
    keepTemplate()
  })
}

/** The form of customers must be whole where nothing can be asked. */
function keepTemplate(): void {
  void import('@/features/customers/profile/keep.ts').then((one) => one.keepTemplate()).catch(() => undefined)
}

/** She turned out to be signed in (another tab, a late answer): no reason to ask. */
function leaveSignIn(): void {
  const { name, query } = router.currentRoute.value
  if (name === SIGN_IN && staffId.value) void router.replace(afterSignIn(query.next))
}

function goToSignIn(): void {
  dismiss()
  const at = router.currentRoute.value
  if (!staffId.value && at.name !== SIGN_IN) void router.replace({ name: SIGN_IN, query: { next: at.fullPath } })
}
