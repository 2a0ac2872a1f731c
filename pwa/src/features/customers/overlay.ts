/* Customers as the screen shows them: what the server said with her pending edits, notes and new customers over it. */
import { stopsCalls } from '@/shared/offline/calls.ts'
import { homeStore, me } from '@/shared/graphql/session.ts'
import { t } from '@/shared/lib/i18n.ts'
import { globalId, localId } from '@/shared/lib/ids.ts'
import { maskPhone, plainPhone } from '@/shared/lib/phone.ts'
import type { Entry } from '@/shared/offline/db.ts'
import type { Detail, Row, TimelineEntry } from './operations.ts'

export interface RowView extends Row {
  pending: boolean
}

export interface DetailView extends Detail {
  pending: boolean
  /** Made on this device and not confirmed: the write that makes her. */
  creating: Entry | null
}

export function customerEntity(id: string): string {
  return `Customer:${localId(id)}`
}

const FIELDS = ['name', 'alias', 'gender', 'birthDate', 'level', 'source', 'note'] as const

/** Her values with those of a write over them; in words as they were when it was kept. */
function valuesOver(known: Detail['values'] = [], { input, words }: Entry): Detail['values'] {
  const said = (input.values as { key: string; content: string[] }[] | undefined) ?? []
  const kept = known.filter(({ key }) => !said.some((one) => one.key === key))
  const now = said.filter(({ key }) => words?.[key])
  return [...kept, ...now.map((one) => ({ ...one, text: words![one.key]!, masked: !one.content.length }))]
}

function patch(entry: Entry, known: { values?: Detail['values'] }): Partial<Detail> {
  const { input } = entry
  const changed: Record<string, unknown> = {}
  for (const field of FIELDS) if (field in input) changed[field] = input[field]
  if ('birthday' in input) changed.birthDate = input.birthday // kept by an earlier version of the app
  if (typeof input.phone === 'string') changed.phone = maskPhone(input.phone)
  if (input.values) changed.values = valuesOver(known.values, entry)
  return changed as Partial<Detail>
}

function unsent(entry: Entry): boolean {
  return entry.state !== 'sent'
}

/** A customer who exists only in a write of this device. */
function born(entry: Entry): DetailView {
  const store = homeStore.value ?? { id: '', name: '' }
  const none = { minor: '0', currency: me.value?.brand.currency ?? 'CNY' }
  return {
    id: globalId('Customer', String(entry.input.id)),
    name: null,
    alias: null,
    gender: 'UNKNOWN',
    birthDate: null,
    level: null,
    source: 'WALK_IN',
    note: null,
    phone: null,
    reachedThrough: [],
    memberNo: null,
    closedChannels: [],
    store: { id: store.id, name: store.name },
    guide: me.value ? { id: me.value.staff.id, name: me.value.staff.name } : null,
    cell: null,
    cellReason: null,
    tags: [],
    stats: {
      orderCount: 0,
      net: none,
      refunded: none,
      firstOrderAt: null,
      lastOrderAt: null,
      averageGapDays: null,
      months: [],
    },
    timeline: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
    values: [],
    completeness: null,
    version: 1, // as the server begins: an edit that follows the write builds on it
    createdAt: new Date(entry.createdAt).toISOString(),
    ...patch(entry, {}),
    pending: unsent(entry),
    creating: entry,
  }
}

function noteOf(entry: Entry): TimelineEntry {
  return {
    id: String(entry.input.id),
    kind: 'NOTE',
    at: new Date(entry.createdAt).toISOString(),
    actor: me.value?.staff.name ?? null,
    title: t('timeline.note'),
    detail: String(entry.input.text),
  }
}

export function overlaidDetail(known: Detail | null, id: string, entries: readonly Entry[]): DetailView | null {
  const entity = customerEntity(id)
  const hers = entries.filter((entry) => entry.entity === entity)
  const create = hers.find((entry) => entry.creates)
  let view: DetailView | null = known ? { ...known, pending: false, creating: null } : create ? born(create) : null
  for (const entry of hers) {
    if (!view || entry.state === 'rejected') continue
    if (entry.op === 'UpdateCustomer') view = { ...view, ...patch(entry, view), pending: view.pending || unsent(entry) }
    if (stopsCalls(entry, entity)) view = { ...view, closedChannels: ['PHONE'] }
    if (entry.op === 'AddNote' && !view.timeline.edges.some((edge) => localId(edge.node.id) === entry.input.id))
      view = { ...view, timeline: { ...view.timeline, edges: [{ node: noteOf(entry) }, ...view.timeline.edges] } }
  }
  return view
}

/** The list with edits over its rows and, where `fresh`, new customers before them. */
export function overlaidRows(rows: readonly Row[], entries: readonly Entry[], fresh: boolean): RowView[] {
  const known = new Set(rows.map((row) => customerEntity(row.id)))
  const made = fresh
    ? entries
        .filter((entry) => entry.creates && !known.has(entry.entity))
        .map(born)
        .reverse()
    : []
  return [...made, ...rows.map((row) => ({ ...row, pending: false }))].map((row) => {
    let view: RowView = row
    for (const entry of entries)
      if (entry.op === 'UpdateCustomer' && entry.entity === customerEntity(row.id))
        view = { ...view, ...(patch(entry, {}) as Partial<Row>), pending: view.pending || unsent(entry) }
    return view
  })
}

/** A number is found as the server finds it: whole, or by exactly its last four digits. Here all but seven are masked. */
function asksFor(digits: string, masked: string | null): boolean {
  if (!masked || !/^\d{4}$|^1\d{10}$|^\+\d{8,15}$/.test(digits)) return false
  return digits.length === 4 ? masked.endsWith(digits) : masked === maskPhone(digits)
}

/** The rows a search would find, as far as this device can tell. */
export function matching(rows: readonly RowView[], search: string): RowView[] {
  const wanted = search.trim().toLowerCase()
  const digits = /^[\d\s+-]+$/.test(wanted) ? plainPhone(wanted).replace(/^\+86/, '') : ''
  return rows.filter(
    (row) =>
      [row.name, row.alias, row.memberNo].some((text) => text?.toLowerCase().includes(wanted)) ||
      asksFor(digits, row.phone),
  )
}
