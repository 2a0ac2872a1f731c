/* Last known answers, per person, so that the app opens without a connection; and drafts of what is being typed. */
import { db, type Snapshot } from './db.ts'

/** How long an answer may be shown: two weeks. */
export const TTL = 14 * 86_400_000

export async function readSnapshot<T>(
  staff: string,
  key: string,
  now = Date.now(),
): Promise<(Snapshot & { data: T }) | null> {
  const found = await (await db()).get('snapshots', [staff, key])
  return found && now - found.fetchedAt < TTL ? (found as Snapshot & { data: T }) : null
}

/** Keeps an answer unless a younger request's is there already, or its owner is not signed in any more. */
export async function writeSnapshot(staff: string, key: string, data: unknown, fetchedAt: number): Promise<void> {
  const tx = (await db()).transaction(['snapshots', 'meta'], 'readwrite')
  const store = tx.objectStore('snapshots')
  const there = await store.get([staff, key])
  const owner = await tx.objectStore('meta').get('staff')
  if (owner === staff && !(there && there.fetchedAt > fetchedAt)) {
    await store.put({ staff, key, data: JSON.parse(JSON.stringify(data)) as unknown, fetchedAt })
  }
  await tx.done
}

/** Removes what is too old to be shown, whoever it belongs to. */
export async function expireSnapshots(now = Date.now()): Promise<void> {
  const tx = (await db()).transaction('snapshots', 'readwrite')
  for await (const cursor of tx.store) if (now - cursor.value.fetchedAt >= TTL) await cursor.delete()
  await tx.done
}

export async function readDraft<T>(staff: string, key: string): Promise<T | null> {
  return ((await (await db()).get('drafts', [staff, key]))?.data as T | undefined) ?? null
}

export async function writeDraft(staff: string, key: string, data: unknown): Promise<void> {
  await (
    await db()
  ).put('drafts', { staff, key, data: JSON.parse(JSON.stringify(data)) as unknown, savedAt: Date.now() })
}

export async function dropDraft(staff: string, key: string): Promise<void> {
  await (await db()).delete('drafts', [staff, key])
}

/** Forgets what was read (revocation, another role): snapshots, forms half filled (they hold names and numbers), writes
    that the server has. What it does not have stays until she decides, and so do plain words she was typing.
    `all` (signing out): everything of hers. */
export async function wipe(staff: string, all: boolean): Promise<void> {
  const tx = (await db()).transaction(['snapshots', 'drafts', 'outbox'], 'readwrite')
  for (const key of await tx.objectStore('snapshots').index('staff').getAllKeys(staff))
    await tx.objectStore('snapshots').delete(key)
  for (const draft of await tx.objectStore('drafts').index('staff').getAll(staff))
    if (all || typeof draft.data !== 'string') await tx.objectStore('drafts').delete([staff, draft.key])
  for (const entry of await tx.objectStore('outbox').index('staff').getAll(staff))
    if (all || entry.state === 'sent') await tx.objectStore('outbox').delete(entry.id)
  await tx.done
}
