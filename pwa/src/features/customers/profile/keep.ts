/* Sees to it that this device has the template before a form is opened. */
import { ask } from '@/shared/graphql/client.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { readSnapshot, writeSnapshot } from '@/shared/offline/snapshots.ts'
import { CardTemplate } from './operations.ts'
import { kept } from './template.ts'

/** How fresh a kept template is fresh enough for a device that goes into a basement. */
const FRESH = 3_600_000

/** Sees to it that this device has the template before a form is opened. */
export async function keepTemplate(): Promise<void> {
  const staff = staffId.value
  const began = Date.now()
  if (!staff) return
  const there = await readSnapshot(staff, kept())
  if (there && there.fetchedAt > began - FRESH) return
  await writeSnapshot(staff, kept(), await ask(CardTemplate, {}), began)
}
