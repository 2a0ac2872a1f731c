/* This device's subscription to reminders. Everything here needs the server and is said plainly when it cannot be. */
import { ask, Unreachable } from '@/shared/graphql/client.ts'
import { me } from '@/shared/graphql/session.ts'
import { t } from '@/shared/lib/i18n.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import { isApple, isInstalled } from '@/shared/lib/platform.ts'
import { SubscribePush, TestPush, UnsubscribePush } from './operations.ts'

export type Hindrance = 'insecure' | 'install' | 'unsupported' | 'denied' | null

/** Why this browser cannot show reminders, or null where it can (it may still have to ask). */
export function hindrance(): Hindrance {
  if (!isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) {
    return isApple() && !isInstalled() ? 'install' : 'unsupported'
  }
  return Notification.permission === 'denied' ? 'denied' : null
}

export async function current(): Promise<PushSubscription | null> {
  if (hindrance()) return null
  const registration = await navigator.serviceWorker.getRegistration()
  return (await registration?.pushManager.getSubscription()) ?? null
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function wait<T>(work: Promise<T>, ms: number): Promise<T> {
  return Promise.race([work, new Promise<never>((_, fail) => setTimeout(() => fail(new Error('timeout')), ms))])
}

/** Each of these resolves to null when it worked, else to the sentence for the person. */
export type Said = string | null

function sentence(error: unknown): string {
  return error instanceof Unreachable ? t('push.offline') : t('push.not')
}

export async function subscribe(device: string): Promise<Said> {
  try {
    if ((await Notification.requestPermission()) !== 'granted') return t('push.denied')
    const registration = await wait(navigator.serviceWorker.ready, 10_000)
    const key = bytes(me.value?.pushKey ?? '')
    // A browser without a push service it can reach may never answer.
    const made = await wait(
      registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }),
      20_000,
    )
    const { endpoint, keys } = made.toJSON()
    const input = { operationId: uuid7(), endpoint: endpoint!, p256dh: keys!.p256dh!, auth: keys!.auth!, device }
    const { subscribePush } = await ask(SubscribePush, { input })
    if (!subscribePush.userErrors.length) return null
    await made.unsubscribe()
    return subscribePush.userErrors[0]!.message
  } catch (error) {
    return sentence(error)
  }
}

/** The server is told first: a device it does not know is harmless, one it writes to in vain is not. */
export async function unsubscribe(): Promise<Said> {
  const subscription = await current()
  if (!subscription) return null
  try {
    await ask(UnsubscribePush, { input: { operationId: uuid7(), endpoint: subscription.endpoint } })
    await subscription.unsubscribe()
    return null
  } catch (error) {
    return sentence(error)
  }
}

export async function test(): Promise<Said> {
  const subscription = await current()
  if (!subscription) return t('push.not')
  try {
    const { testPush } = await ask(TestPush, { input: { operationId: uuid7(), endpoint: subscription.endpoint } })
    return testPush.userErrors[0]?.message ?? null
  } catch (error) {
    return sentence(error)
  }
}
