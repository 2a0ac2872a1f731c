/* Parts of pages that are fetched when first needed, or earlier while the browser is idle (see warm.ts). */
import { defineAsyncComponent } from 'vue'

export const parts = {
  CustomerList: () => import('@/features/customers/CustomerList.vue'),
  FactsCard: () => import('@/features/customers/FactsCard.vue'),
  NoteSheet: () => import('@/features/customers/NoteSheet.vue'),
  OrdersSheet: () => import('@/features/customers/OrdersSheet.vue'),
  OutcomeSheet: () => import('@/features/tasks/OutcomeSheet.vue'),
  RefusedCreate: () => import('@/features/customers/RefusedCreate.vue'),
}

export const lazy = {
  CustomerList: defineAsyncComponent(parts.CustomerList),
  FactsCard: defineAsyncComponent(parts.FactsCard),
  NoteSheet: defineAsyncComponent(parts.NoteSheet),
  OrdersSheet: defineAsyncComponent(parts.OrdersSheet),
  OutcomeSheet: defineAsyncComponent(parts.OutcomeSheet),
  RefusedCreate: defineAsyncComponent(parts.RefusedCreate),
}
