/* Parts of pages that are fetched when first needed (by the service worker beforehand; see warm.ts for where there is
   none). Smaller than Vue's own async components: nothing is shown meanwhile, and a failed fetch is tried again for as
   long as the part is wanted. Parts that belong together are one file: the name of every file weighs on the first. */
import { type Component, defineComponent, h, onUnmounted, shallowRef } from 'vue'
import { saying, words } from '@/shared/lib/words.ts'

const AGAIN = 2_000 // ms

const below = saying(words.sheets, () => import('./parts/below.ts'))
const touched = saying(words.sheets, () => import('./parts/touched.ts'))

/** The files of parts, for who fetches them beforehand. */
export const files = {
  below,
  touched,
  CustomerList: () => import('@/features/customers/CustomerList.vue'),
  ExportButton: () => import('@/features/exports/ExportButton.vue'),
}

export function part<M, K extends keyof M>(load: () => Promise<M>, name: K): M[K] {
  const found = shallowRef<Component>()
  return defineComponent({
    inheritAttrs: false,
    setup(_, { attrs, slots }) {
      let wanted = true
      const fetch = (): void => {
        if (!wanted || found.value) return
        load().then(
          (module) => (found.value = module[name] as Component),
          () => setTimeout(fetch, AGAIN),
        )
      }
      fetch()
      onUnmounted(() => (wanted = false))
      return () => found.value && h(found.value, attrs, slots)
    },
  }) as M[K]
}

export const lazy = {
  ConflictPicker: part(touched, 'ConflictPicker'),
  CustomerBelow: part(below, 'CustomerBelow'),
  CustomerList: part(files.CustomerList, 'default'),
  ExportButton: part(files.ExportButton, 'default'),
  NoteSheet: part(touched, 'NoteSheet'),
  OrdersSheet: part(touched, 'OrdersSheet'),
  OutcomeSheet: part(touched, 'OutcomeSheet'),
  RefusedCreate: part(touched, 'RefusedCreate'),
  RevealSheet: part(touched, 'RevealSheet'),
  ShareSheet: part(touched, 'ShareSheet'),
  TakenChoices: part(touched, 'TakenChoices'),
}
