/* One field of a known customer mended from elsewhere than her form. */
import { flusher, write } from '@/shared/graphql/outbox.ts'
import { me } from '@/shared/graphql/session.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { UpdateCustomer } from './edit.operations.ts'
import { customerEntity } from './overlay.ts'
import type { Field } from './profile/operations.ts'
import { inWords } from './profile/values.ts'
import { saidIn } from './sending.ts'

/** `change`: fields of the edit; `hold`: for so long (ms) it stays here, so that it can be taken back without a trace.
    `typed`: what its value was typed into, and the names of what it refers to. */
export async function saveMend(
  customer: { id: string; version: number },
  change: Record<string, unknown>,
  about: string,
  hold: number,
  typed?: { field: Field; names: Record<string, string> },
): Promise<Entry> {
  const said = typed && saidIn(change)[typed.field.key]
  const text = said && inWords(typed.field, said, me.value?.brand.currency ?? 'CNY', typed.names)
  const input = { id: customer.id, baseVersion: customer.version, ...change }
  const entry = await write(UpdateCustomer, input, {
    entity: customerEntity(customer.id),
    about,
    hold: Date.now() + hold,
    ...(said ? { words: { [typed.field.key]: text! } } : {}),
    ...(said && typed.field.kind === 'PHONE' ? { secret: [typed.field.key] } : {}),
  })
  setTimeout(() => void flusher.poke(), hold + 50)
  return entry
}
