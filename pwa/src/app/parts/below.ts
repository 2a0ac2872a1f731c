/* What stands below the first look at a customer: one file, fetched after her page. */
export { default as FactsCard } from '@/features/customers/FactsCard.vue'
export { default as NumbersCard } from '@/features/customers/NumbersCard.vue'
export { default as PurchaseCard } from '@/features/customers/PurchaseCard.vue'
export { default as TimelineList } from '@/features/customers/TimelineList.vue'
export { default as FamilySection } from '@/features/families/FamilySection.vue'
export { default as MergedLines } from '@/features/merging/MergedLines.vue'
