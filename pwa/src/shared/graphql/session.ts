/* Who is signed in on this device, known offline too, and what must be forgotten when that changes. */
import { computed, shallowRef } from 'vue'
import { setCells } from '../lib/cells.ts'
import { setZone } from '../lib/dates.ts'
import { announce, onNews } from '../offline/changes.ts'
import { db } from '../offline/db.ts'
import { exclusively, signedInStaff } from '../offline/flush.ts'
import { readSnapshot, wipe, writeSnapshot } from '../offline/snapshots.ts'
import { ask, SignInNeeded } from './client.ts'
import { type Me, MeQuery } from './operations.ts'

const current = shallowRef<Me | null>(null)

export const me = computed(() => current.value)
export const staffId = computed(() => current.value?.staff.id ?? null)

/** She leads others: a store, a region, the brand. */
export const leads = computed(() => !!current.value?.roles.some(({ role }) => !/GUIDE|ADV/.test(role)))

/** First store she serves, or nothing for head office. */
export const homeStore = computed(() => current.value?.stores[0] ?? null)

function show(value: Me | null): void {
  current.value = value
  setZone(value?.stores[0]?.timezone ?? value?.brand.timezone)
  setCells(value?.cells)
}

/** What decides which customers she may see. */
function rights(value: Me): string {
  return JSON.stringify([value.brand.id, value.roles, value.stores.map((store) => store.id)])
}

/** The person this device knows, without asking the server. */
export async function restore(): Promise<Me | null> {
  const staff = await signedInStaff()
  const known = staff ? await readSnapshot<Me>(staff, 'me') : null
  show(known?.data ?? null)
  return current.value
}

/** Asks the server who is signed in and forgets what that person may no longer see. Throws `Unreachable` offline. */
export async function verify(): Promise<Me | null> {
  const fetchedAt = Date.now()
  let found: Me | null
  try {
    found = (await ask(MeQuery, {})).me
  } catch (error) {
    if (!(error instanceof SignInNeeded)) throw error
    found = null
  }
  if (found) await adopt(found, fetchedAt)
  else await leave(false)
  return found
}

/** Makes `found` the person of this device. */
export async function adopt(found: Me, fetchedAt = Date.now()): Promise<void> {
  const staff = found.staff.id
  const before = await readSnapshot<Me>(staff, 'me')
  const changed = before !== null && rights(before.data) !== rights(found)
  if (changed) await wipe(staff, false)
  const known = await signedInStaff()
  if (known !== staff) {
    if (known) await wipe(known, false)
    await (await db()).put('meta', staff, 'staff')
  }
  await writeSnapshot(staff, 'me', found, fetchedAt)
  show(found)
  if (known !== staff) announce('signed-in')
  else if (changed) announce('rights')
}

/** Nobody is signed in any more. What was read goes; `all`: also what was written and typed (signing out). */
export async function leave(all: boolean): Promise<void> {
  const staff = await signedInStaff()
  if (staff) {
    await wipe(staff, all)
    await (await db()).delete('meta', 'staff')
  }
  const news = staff !== null || current.value !== null
  show(null)
  if (news) announce('signed-out')
}

/** Runs a change of person while nothing is being sent, so nobody's writes go out under another's name. */
export function changingPerson<T>(work: () => Promise<T>): Promise<T> {
  return exclusively(work)
}

// Another tab signed out or in: follow it.
onNews((news) => {
  if (news === 'signed-out' && current.value) void signedInStaff().then((staff) => (staff ? undefined : show(null)))
  if (news === 'rights') void restore()
  if (news === 'signed-in') void signedInStaff().then((staff) => (staff === staffId.value ? undefined : restore()))
})
