/* Fetches what a form needs once something is known or typed, and sets it to work. */
import { effectScope, ref, type Ref, shallowRef, type ShallowRef } from 'vue'
import type { Duplicate } from './duplicate.ts'
import type { Known } from './known.ts'
import { saying, words } from '@/shared/lib/words.ts'

export type Keeping = typeof import('./keeping.ts')
const load = saying(() => import('./keeping.ts'), words.sheets)

export interface Fetched {
  later: ShallowRef<Keeping | undefined>
  source: ShallowRef<Known | undefined>
  duplicate: ShallowRef<Duplicate | undefined>
  /** The last try failed. */
  unfetched: Ref<boolean>
  /** Resolves with it; where fetching failed, tries again. */
  keeping: () => Promise<Keeping>
}

/** `known`: UUID of the customer under the form; null: a new one, whose `phone` may be on file already. */
export function useKeeping(known: string | null, phone: () => string): Fetched {
  const later = shallowRef<Keeping>()
  const source = shallowRef<Known>()
  const duplicate = shallowRef<Duplicate>()
  const unfetched = ref(false)
  const scope = effectScope()
  let fetching: Promise<Keeping> | undefined
  const keeping = (): Promise<Keeping> => (fetching ??= fetch())

  async function fetch(): Promise<Keeping> {
    try {
      const found = await load()
      unfetched.value = false
      later.value = found
      scope.run(() => {
        if (known) source.value = found.useKnown(known)
        else duplicate.value = found.useDuplicate(phone, () => true)
      })
      return found
    } catch (error) {
      fetching = undefined
      unfetched.value = true
      throw error
    }
  }
  return { later, source, duplicate, unfetched, keeping }
}
