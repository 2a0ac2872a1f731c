/* What stands below the first look at a customer: one file, fetched after her page. */
export { default as CustomerBelow } from './CustomerBelow.vue'
