/* What needs the server at once, as who may come in does: it must be true everywhere, so it never waits in the outbox. */
import { ref, type Ref } from 'vue'
import { ask, SignInNeeded, Unreachable } from '@/shared/graphql/client.ts'
import { verify } from '@/shared/graphql/session.ts'
import type { TadaDocumentNode } from '@/shared/graphql/tada.ts'
import { t } from '@/shared/lib/i18n.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import { warn } from './toast.ts'

interface Payload {
  userErrors: readonly { code: string; field?: string | null; message: string }[]
}
type Input<V> = V extends { input: infer I } ? Omit<I, 'operationId'> : never
type PayloadOf<R> = R[keyof R] & Payload

export interface Acting {
  busy: Ref<boolean>
  /** Why the last act was not done, in words. */
  trouble: Ref<string | null>
  /** The field of the input that it is about. */
  field: Ref<string | null>
  /** Does it; null where it was not done. The same input again goes under the same id: an answer may have been lost. */
  act: <R, V>(document: TadaDocumentNode<R, V>, input: Input<V>) => Promise<PayloadOf<R> | null>
}

export function useActing(): Acting {
  const busy = ref(false)
  const trouble = ref<string | null>(null)
  const field = ref<string | null>(null)
  let last = { key: '', id: '' }

  async function act<R, V>(document: TadaDocumentNode<R, V>, input: Input<V>): Promise<PayloadOf<R> | null> {
    if (busy.value) return null
    const key = JSON.stringify([(document as unknown as { name: string }).name, input])
    if (last.key !== key) last = { key, id: uuid7() }
    busy.value = true
    trouble.value = field.value = null
    try {
      const answer = await ask(document, { input: { ...(input as object), operationId: last.id } } as V)
      last = { key: '', id: '' }
      const payload = Object.values(answer as object)[0] as PayloadOf<R>
      if (!payload.userErrors.length) return payload
      trouble.value = payload.userErrors[0]!.message
      field.value = payload.userErrors[0]!.field ?? null
    } catch (error) {
      trouble.value = t(error instanceof Unreachable ? 'online.needed' : 'trouble.refused')
      if (error instanceof SignInNeeded) void verify().catch(() => undefined)
    } finally {
      busy.value = false
    }
    warn(trouble.value)
    return null
  }
  return { busy, trouble, field, act }
}
