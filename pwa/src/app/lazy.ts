/* Parts of pages that are fetched when first needed (by the service worker beforehand; see warm.ts for where there is
   none). Smaller than Vue's own async components: nothing is shown meanwhile, and a failed fetch is tried again for as
   long as the part is wanted. Parts that belong together are one file: the name of every file weighs on the first. */
import { type Component, defineComponent, h, onUnmounted, shallowRef } from 'vue'
import { saying, words } from '@/shared/lib/words.ts'
import { dress } from '@/shared/ui/dress.ts'
// One style sheet for all of them: in the app's own, every first picture would wait for it.
import style from './parts/late.css?url'

const AGAIN = 2_000 // ms

const late = <M>(load: () => Promise<M>): (() => Promise<M>) => {
  const said = saying(load, words.sheets, words.visits)
  return async () => (await Promise.all([said(), dress(style)]))[0]
}

const below = late(() => import('./parts/below.ts'))
const touched = late(() => import('./parts/touched.ts'))

/** The files of parts, for who fetches them beforehand. */
export const files = {
  below,
  touched,
  CustomField: late(() => import('@/features/customers/profile/CustomField.vue')),
  CustomerList: () => import('@/features/customers/CustomerList.vue'),
  ExportButton: () => import('@/features/exports/ExportButton.vue'),
  keeping: () => import('@/features/customers/keeping.ts'),
  PaperPage: late(() => import('./pages/PaperPage.vue')),
  VisitBar: late(() => import('@/features/visits/VisitBar.vue')),
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
  CustomField: part(files.CustomField, 'default'),
  CustomerBelow: part(below, 'CustomerBelow'),
  CustomerList: part(files.CustomerList, 'default'),
  ExportButton: part(files.ExportButton, 'default'),
  NewParty: part(touched, 'NewParty'),
  NoteSheet: part(touched, 'NoteSheet'),
  OrdersSheet: part(touched, 'OrdersSheet'),
  OutcomeSheet: part(touched, 'OutcomeSheet'),
  RefusedCreate: part(touched, 'RefusedCreate'),
  RevealSheet: part(touched, 'RevealSheet'),
  ShareSheet: part(touched, 'ShareSheet'),
  StoreCode: part(touched, 'StoreCode'),
  TakenChoices: part(touched, 'TakenChoices'),
  VisitBar: part(files.VisitBar, 'default'),
}
