/* What a person does to a write that was refused or waits: send it again, throw it away, lead it elsewhere. Apart from
   the outbox because no page needs it to open. */
import { uuid7 } from '../lib/ids.ts'
import { announce } from './changes.ts'
import { db } from './db.ts'

/** Sends a refused write again as it is, under a new id: the server remembers the old one. */
export async function retry(id: string): Promise<void> {
  const store = await db()
  const entry = await store.get('outbox', id)
  if (!entry || entry.state === 'sent') return
  if (entry.state === 'rejected') {
    const tx = store.transaction('outbox', 'readwrite')
    await tx.store.delete(id)
    const { reasons: _r, answer: _a, until, ...rest } = entry
    const again = until ? { until: Date.now() + until - entry.createdAt, createdAt: Date.now() } : {}
    await tx.store.add({ ...rest, ...again, id: uuid7(), state: 'pending', attempts: 0 })
    await tx.done
  }
  announce('outbox')
}

/** Throws a write away; with a refused "create", what waits behind it goes too. Returns how many went. */
export async function discard(id: string): Promise<number> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  const entry = await tx.store.get(id)
  if (!entry || entry.state === 'sent') return 0
  const rows = entry.creates ? await tx.store.index('staff').getAll(entry.staff) : [entry]
  const gone = rows.filter((row) => row.id === id || (row.entity === entry.entity && row.state !== 'sent'))
  for (const row of gone) await tx.store.delete(row.id)
  await tx.done
  announce('outbox')
  return gone.length
}

/** Moves what waits behind a refused "create" to the customer who was there already, and drops the create. */
export async function redirect(id: string, entity: string, customerId: string): Promise<void> {
  const tx = (await db()).transaction('outbox', 'readwrite')
  const entry = await tx.store.get(id)
  if (entry) {
    for (const row of await tx.store.index('staff').getAll(entry.staff)) {
      if (row.entity !== entry.entity || row.id === id || row.state === 'sent') continue
      const input = { ...row.input, ...(row.input.customerId ? { customerId } : { id: customerId }) }
      await tx.store.put({ ...row, entity, input })
    }
    await tx.store.delete(id)
  }
  await tx.done
  announce('outbox')
}
