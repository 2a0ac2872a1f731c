/* What a customer is known by, on her page: asked for after her own facts, changed through the outbox. */
import { ref, type Ref } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { write } from '@/shared/graphql/outbox.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import type { TadaDocumentNode } from '@/shared/graphql/tada.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { withdraw } from '@/shared/offline/outbox.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import type { Existing } from './edit.operations.ts'
import { CustomerNumbers, type Numbers } from './numbers.operations.ts'
import { customerEntity } from './overlay.ts'
import { revealed } from './reveal.ts'
import { outcome } from './save.ts'

type Input<V> = V extends { input: infer I } ? Omit<I, 'operationId'> : never

export function useNumbers(customerId: () => string): Live<Numbers | null> {
  return useSnapshot<Numbers | null>(
    () => `numbers:${customerId()}`,
    async () => (await ask(CustomerNumbers, { id: customerId() })).customer ?? null,
  )
}

export interface Changing {
  busy: Ref<boolean>
  /** Why the last change was not made, in words. */
  trouble: Ref<string | null>
  /** Who has the number already. */
  existing: Ref<Existing | null>
  /** Makes a change; true once it is made, or kept on this device. */
  change: <R, V extends { input: object }>(document: TadaDocumentNode<R, V>, input: Input<V>) => Promise<boolean>
}

/** `name`: what the waiting write is called in the outbox. */
export function useChanging(customerId: string, name: string): Changing {
  const busy = ref(false)
  const trouble = ref<string | null>(null)
  const existing = ref<Existing | null>(null) as Ref<Existing | null>

  /** What was refused is said here and mended here: it does not stay behind as a refused write. */
  async function refuse(entry: Entry): Promise<void> {
    trouble.value = entry.reasons?.[0]?.message || t('outbox.refused')
    existing.value = (entry.answer?.existing as Existing | null | undefined) ?? null
    await withdraw([entry.id])
  }

  async function change<R, V extends { input: object }>(
    document: TadaDocumentNode<R, V>,
    input: Input<V>,
  ): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    trouble.value = existing.value = null
    try {
      const made = await outcome(await write(document, input, { entity: customerEntity(customerId), about: name }))
      if (made.state === 'rejected') {
        await refuse(made)
        return false
      }
      revealed.delete(customerId)
      say(t(made.state === 'sent' ? 'numbers.saved' : 'numbers.saved.offline'))
      return true
    } catch {
      warn(t('outcome.unsaved'))
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, trouble, existing, change }
}
