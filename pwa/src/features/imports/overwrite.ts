/* What a file of customers may overwrite where she is on file: of all fields, and of single ones. */
import type { Policy } from './operations.ts'

export const POLICIES = ['OWN', 'FILL', 'TAKE', 'KEEP'] as const satisfies readonly Policy[]

export interface Overwriting {
  others: Policy
  /** Key of a field -> what becomes of it; '': as the others. */
  fields: Record<string, Policy | ''>
}
export const asEver = (): Overwriting => ({ others: 'OWN', fields: {} })

/** As an import is told it: only what differs from the others. */
export function told({ others, fields }: Overwriting): {
  overwriteOthers: Policy
  overwrite: { field: string; policy: Policy }[]
} {
  const apart = Object.entries(fields).flatMap(([field, policy]) =>
    policy && policy !== others ? [{ field, policy }] : [],
  )
  return { overwriteOthers: others, overwrite: apart }
}
