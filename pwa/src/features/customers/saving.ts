/* What the form does when somebody presses save, or has chosen between her words and a colleague's. */
import { homeStore, me } from '@/shared/graphql/session.ts'
import { globalId, localId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { personName } from '@/shared/ui/people.ts'
import { decided } from './conflict.ts'
import type { Conflict } from './edit.operations.ts'
import type { Values } from './form.ts'
import type { Claim } from './numbers.operations.ts'
import type { DetailView } from './overlay.ts'
import type { Template } from './profile/operations.ts'
import { ownFields } from './profile/template.ts'
import { saveEdit, saveNew, type Typed } from './save.ts'

/** A form as it stands. */
export interface Form {
  /** Made for a new customer. */
  id: string
  values: Values
  before: Values
  version: number
  /** Ids of what was chosen here -> what it is called. */
  names: Record<string, string>
  /** Null: a new one. */
  customer: DetailView | null
  /** The write that is mended. */
  entry: Entry | null
  template: Template | null
  /** Key of its draft. */
  draft: string
  /** The visit that she is entered after. */
  visit: string | null
}

function typedInto({ template, customer, names }: Form): Typed {
  const said = (customer?.values ?? []).filter(({ content }) => content.length === 1)
  const known = Object.fromEntries(said.map(({ content, text }) => [content[0], text]))
  const currency = me.value?.brand.currency ?? 'CNY'
  return { version: template?.version ?? null, fields: ownFields(template), currency, names: { ...known, ...names } }
}

/** `claim`: how to go about a phone that somebody has. A new customer is filed by this device's clock, whenever that
    arrives. Null: nothing changed. */
export async function saveForm(form: Form, claim?: Claim): Promise<Entry | null> {
  const { customer, entry, draft, values, before, version } = form
  const typed = typedInto(form)
  if (customer) return saveEdit(customer.id, version, values, before, personName(customer), draft, typed)
  const visitId = form.visit ?? (entry?.input.visitId as string | undefined)
  const filed = visitId ? { visitId, filedAt: new Date().toISOString() } : {}
  const instead = { replaces: entry ? [entry.id] : [], draft }
  return saveNew(form.id, values, homeStore.value?.id ?? null, instead, typed, { ...claim, ...filed })
}

/** Keeps hers where she said so, on top of the version the server has now; drops the rest of the conflict. */
export async function saveDecided(
  form: Form,
  conflicts: readonly Conflict[],
  keepMine: readonly string[],
): Promise<Entry | null> {
  const { entry, values, before, version, draft } = form
  if (!entry) return null
  const server = entry.answer?.customer as { version: number } | null | undefined
  const { now, base } = decided(conflicts, keepMine, values, before)
  const id = globalId('Customer', localId(String(entry.input.id)))
  return saveEdit(id, server?.version ?? version, now, base, entry.about, draft, typedInto(form))
}
