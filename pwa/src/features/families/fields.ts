/* The child form's values, and what is sent of them. */
import { addDays, dayOf } from '@/shared/lib/dates.ts'
import type { Fields } from './ChildFields.vue'
import type { ChildValues, ChildView } from './children.ts'

export const EMPTY: Fields = { name: '', gender: 'UNKNOWN', kind: 'born', day: '' }

export function fieldsOf(child: ChildView | null): Fields {
  if (!child) return { ...EMPTY }
  const kind = child.bornOn ? 'born' : 'due'
  return { name: child.name ?? '', gender: child.gender, kind, day: child.bornOn ?? child.dueOn ?? '' }
}

/** A birth lies in the past, a due date ahead, unless it was so before: nobody is made to mend what she did not touch. */
export function fits({ kind, day }: Fields, before?: ChildView | null, today = dayOf(new Date())): boolean {
  if (!day) return false
  if (day === (kind === 'born' ? before?.bornOn : before?.dueOn)) return true
  return kind === 'born' ? day <= today : day >= today && day <= addDays(today, 301)
}

export function valuesOf({ name, gender, kind, day }: Fields): ChildValues {
  return { name, gender, bornOn: kind === 'born' ? day : null, dueOn: kind === 'due' ? day : null }
}
