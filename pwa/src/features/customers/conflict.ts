/* A form and what it started from, once somebody has chosen between hers and a colleague's words. Pure. */
import type { Conflict } from './edit.operations.ts'
import type { Values } from './form.ts'

export const VALUES = 'values.'
/** A value that is none of what may be typed. */
const OTHER = '\u0000'

/** `keepMine`: the fields of which hers stays; of the others the server's does. */
export function decided(
  conflicts: readonly Conflict[],
  keepMine: readonly string[],
  values: Values,
  before: Values,
): { now: Values; base: Values } {
  const now = { ...values, said: { ...values.said } }
  const base = { ...before, said: { ...before.said } }
  for (const { field, theirs } of conflicts) {
    const mine = keepMine.includes(field)
    if (field.startsWith(VALUES)) {
      // Of a value only its words are known here: the server's is not sent, and hers always differs.
      const key = field.slice(VALUES.length)
      base.said[key] = mine ? [OTHER] : []
      if (!mine) now.said[key] = []
      continue
    }
    base[field as 'name'] = theirs ?? ''
    if (!mine) now[field as 'name'] = theirs ?? ''
  }
  return { now, base }
}
