/* One field of a known customer mended from elsewhere than her form. */
import { flusher, write } from '@/shared/graphql/outbox.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { UpdateCustomer } from './edit.operations.ts'
import { customerEntity } from './overlay.ts'

/** `change`: fields of the edit; `hold`: for so long (ms) it stays here, so that it can be taken back without a trace. */
export async function saveMend(
  customer: { id: string; version: number },
  change: Record<string, unknown>,
  about: string,
  hold: number,
): Promise<Entry> {
  const input = { id: customer.id, baseVersion: customer.version, ...change }
  const entry = await write(UpdateCustomer, input, {
    entity: customerEntity(customer.id),
    about,
    hold: Date.now() + hold,
  })
  setTimeout(() => void flusher.poke(), hold + 50)
  return entry
}
