/* Which column of a file of customers is which field, as the import took it and as a person wants it. */
import { ref, shallowRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { type ImportField, ImportFieldsQuery, type Job } from './operations.ts'

export interface Column {
  sheet: string
  heading: string
  samples: string[]
  /** Key of the field; '': not taken. */
  field: string
}

/** Every heading of the file once, with what it was taken for. */
export function columnsOf(job: Job): Column[] {
  const found = new Map<string, Column>()
  for (const { sheet, columns } of job.sheets)
    for (const { heading, field, samples } of columns) {
      const known = found.get(heading)
      if (!known) found.set(heading, { sheet, heading, samples: [...samples], field: field ?? '' })
      else known.field ||= field ?? ''
    }
  return [...found.values()]
}

/** As an import is told them. A field that two columns claim goes to the first. */
export function chosen(columns: readonly Column[]): { field: string; heading: string }[] {
  const taken = new Set<string>()
  return columns.flatMap(({ field, heading }) => {
    if (!field || taken.has(field)) return []
    taken.add(field)
    return [{ field, heading }]
  })
}

/** Whether somebody can be known by what was chosen. */
export const namesSomebody = (columns: readonly Column[]): boolean =>
  columns.some(({ field }) => ['phone', 'phone_2', 'phone_3', 'member_no', 'wechat', 'email', 'card'].includes(field))

export function useFields() {
  const fields = shallowRef<ImportField[]>([])
  const asked = ref(false)
  async function load(): Promise<void> {
    if (asked.value) return
    asked.value = true
    try {
      fields.value = (await ask(ImportFieldsQuery, {})).importFields
    } catch {
      asked.value = false
    }
  }
  return { fields, load }
}
