/* What shows when something is touched, or was refused: one file. */
export { default as ConflictPicker } from '@/features/customers/ConflictPicker.vue'
export { default as NoteSheet } from '@/features/customers/NoteSheet.vue'
export { default as OrdersSheet } from '@/features/customers/OrdersSheet.vue'
export { default as RefusedCreate } from '@/features/customers/RefusedCreate.vue'
export { default as RevealSheet } from '@/features/customers/RevealSheet.vue'
export { default as ShareSheet } from '@/features/customers/ShareSheet.vue'
export { default as TakenChoices } from '@/features/customers/TakenChoices.vue'
export { default as OutcomeSheet } from '@/features/tasks/OutcomeSheet.vue'
