/* Parts of pages that are fetched when first needed (by the service worker beforehand; see warm.ts for where there is
   none). Smaller than Vue's own async components: nothing is shown meanwhile, and a failed fetch is tried again for as
   long as the part is wanted. */
import { type Component, defineComponent, h, onUnmounted, shallowRef } from 'vue'

const AGAIN = 2_000 // ms

export const parts = {
  ConflictPicker: () => import('@/features/customers/ConflictPicker.vue'),
  CustomerList: () => import('@/features/customers/CustomerList.vue'),
  ExistingCard: () => import('@/features/customers/ExistingCard.vue'),
  ExportButton: () => import('@/features/exports/ExportButton.vue'),
  FactsCard: () => import('@/features/customers/FactsCard.vue'),
  FamilySection: () => import('@/features/families/FamilySection.vue'),
  MergedLines: () => import('@/features/merging/MergedLines.vue'),
  NoteSheet: () => import('@/features/customers/NoteSheet.vue'),
  OrdersSheet: () => import('@/features/customers/OrdersSheet.vue'),
  OutcomeSheet: () => import('@/features/tasks/OutcomeSheet.vue'),
  RefusedCreate: () => import('@/features/customers/RefusedCreate.vue'),
  TimelineList: () => import('@/features/customers/TimelineList.vue'),
}

export function part<C extends Component>(load: () => Promise<{ default: C }>): C {
  const found = shallowRef<Component>()
  return defineComponent({
    inheritAttrs: false,
    setup(_, { attrs, slots }) {
      let wanted = true
      const fetch = (): void => {
        if (!wanted || found.value) return
        load().then(
          (module) => (found.value = module.default),
          () => setTimeout(fetch, AGAIN),
        )
      }
      fetch()
      onUnmounted(() => (wanted = false))
      return () => found.value && h(found.value, attrs, slots)
    },
  }) as unknown as C
}

export const lazy = {
  ConflictPicker: part(parts.ConflictPicker),
  CustomerList: part(parts.CustomerList),
  ExistingCard: part(parts.ExistingCard),
  ExportButton: part(parts.ExportButton),
  FactsCard: part(parts.FactsCard),
  FamilySection: part(parts.FamilySection),
  MergedLines: part(parts.MergedLines),
  NoteSheet: part(parts.NoteSheet),
  OrdersSheet: part(parts.OrdersSheet),
  OutcomeSheet: part(parts.OutcomeSheet),
  RefusedCreate: part(parts.RefusedCreate),
  TimelineList: part(parts.TimelineList),
}
