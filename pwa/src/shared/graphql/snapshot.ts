/* A screen's data: the last known answer at once, then the server's, and the pending writes that lie over
   whichever is shown (each feature knows how its own lie over its own). */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { onNews } from '../offline/changes.ts'
import type { Entry } from '../offline/db.ts'
import { readSnapshot, writeSnapshot } from '../offline/snapshots.ts'
import { SignInNeeded, Unreachable } from './client.ts'
import { layOver } from './outbox.ts'
import { staffId, verify } from './session.ts'

export type Trouble = 'unreachable' | 'refused' | null

export interface Live<T> {
  /** What the server last said. Null until something is known. */
  base: Ref<T | null>
  /** The writes that lie over it: not sent yet, or answered after it was asked for. */
  layOver: ComputedRef<Entry[]>
  /** When that was asked, ms. */
  fetchedAt: Ref<number>
  trouble: Ref<Trouble>
  loading: Ref<boolean>
  refresh: () => Promise<void>
}

const STALE = 30_000

/** `key` names what is shown, a new one starts afresh; `load` asks the server; `keep` says what the device does with it:
    keeps it, only reads what another screen kept, or neither. */
export function useSnapshot<T>(
  key: () => string,
  load: () => Promise<T>,
  keep: () => 'keep' | 'read' | 'no' = () => 'keep',
): Live<T> {
  const base = shallowRef<T | null>(null) as Ref<T | null>
  const fetchedAt = ref(0)
  const trouble = ref<Trouble>(null)
  const loading = ref(false)
  let turn = 0

  async function refresh(): Promise<void> {
    const mine = ++turn
    const staff = staffId.value
    const name = key()
    if (!staff) return
    const kept = keep() === 'keep'
    const began = Date.now()
    loading.value = true
    try {
      const found = await load()
      // Kept before it is shown: what was seen once opens without a connection too.
      if (kept) await writeSnapshot(staff, name, found, began).catch(() => undefined)
      if (mine !== turn || staff !== staffId.value) return
      base.value = found
      fetchedAt.value = began
      trouble.value = null
    } catch (error) {
      if (mine !== turn) return
      trouble.value = error instanceof Unreachable ? 'unreachable' : 'refused'
      if (error instanceof SignInNeeded) await verify().catch(() => undefined)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  watch(
    [key, staffId],
    async ([name, staff]) => {
      const mine = ++turn
      base.value = null
      fetchedAt.value = 0
      trouble.value = null
      loading.value = true
      if (staff && keep() !== 'no') {
        const known = await readSnapshot<T>(staff, name).catch(() => null)
        if (mine !== turn) return
        if (known) {
          base.value = known.data
          fetchedAt.value = known.fetchedAt
        }
      }
      await refresh()
    },
    { immediate: true },
  )

  let soon: ReturnType<typeof setTimeout> | undefined
  const stop = onNews((news) => {
    if (news === 'rights') {
      base.value = null
      void refresh()
    }
    if (news !== 'sent') return
    // One refetch for a whole row of answers.
    clearTimeout(soon)
    soon = setTimeout(() => void refresh(), 150)
  })
  const awake = () => {
    if (document.visibilityState === 'visible' && Date.now() - fetchedAt.value > STALE) void refresh()
  }
  document.addEventListener('visibilitychange', awake)
  addEventListener('online', awake)
  onScopeDispose(() => {
    turn++
    clearTimeout(soon)
    stop()
    document.removeEventListener('visibilitychange', awake)
    removeEventListener('online', awake)
  })

  return { base, layOver: computed(() => layOver(fetchedAt.value)), fetchedAt, trouble, loading, refresh }
}
