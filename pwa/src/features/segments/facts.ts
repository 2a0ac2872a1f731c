/* What conditions may ask: how a fact is compared, and with what to begin. */
import type { Fact } from './operations.ts'
import type { Condition } from './tree.ts'

export type Kind = Fact['kind']
/** Compared with a number of days. */
const DAYS = ['within', 'ago', 'ahead', 'yearly']
const PRESENCE = ['known', 'unknown']

/** What is typed or chosen for a comparison. */
export type Ask = 'nothing' | 'days' | 'number' | 'money' | 'months' | 'date' | 'text' | 'choices' | 'yes'

export function asks(kind: Kind, op: string): Ask {
  if (PRESENCE.includes(op)) return 'nothing'
  if (DAYS.includes(op)) return 'days'
  const by: Record<Kind, Ask> = {
    ...{ NUMBER: 'number', MONEY: 'money', AGE: 'months', DATE: 'date', TEXT: 'text' },
    ...{ CHOICE: 'choices', SET: 'choices', FLAG: 'yes' },
  }
  return by[kind]
}

export const opsOf = (fact: Fact): string[] => fact.ops.map((op) => op.toLowerCase())

/** What a comparison begins with: something usual where there is, else nothing, which is still to be said. */
export function firstValue(kind: Kind, op: string): unknown {
  const ask = asks(kind, op)
  if (op === 'between') return [null, null]
  return { nothing: null, days: op === 'ago' ? 90 : 30, choices: [], yes: true }[ask as string] ?? null
}

/** The value that stays when a condition is compared another way. */
export function kept(kind: Kind, before: string, value: unknown, op: string): unknown {
  if (asks(kind, before) !== asks(kind, op)) return firstValue(kind, op)
  const pair = Array.isArray(value) && before === 'between'
  if (op === 'between') return pair ? value : [value ?? null, null]
  return pair ? ((value as unknown[])[0] ?? null) : value
}

export function newCondition(id: string, fact: Fact): Condition {
  // A birthday is known by the day on which it comes round next.
  const op = fact.key === 'customer.birthday' ? 'ahead' : opsOf(fact)[0]!
  const value = op === 'ahead' ? 7 : firstValue(fact.kind, op)
  return { id, not: false, fact: fact.key, op, value, where: {} }
}

/** A condition on another fact: what both understand stays. */
export function asking(condition: Condition, fact: Fact): Partial<Condition> {
  const { op, value } = newCondition(condition.id, fact)
  const names = new Set(fact.args.map(({ name }) => name))
  const where = Object.fromEntries(Object.entries(condition.where).filter(([name]) => names.has(name)))
  return { fact: fact.key, op, value, where }
}

/** Facts by their groups, in the server's order; those that `search` names, in whatever case. */
export function grouped(facts: readonly Fact[], search: string): { group: string; facts: Fact[] }[] {
  const said = search.trim().toLowerCase()
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    if (fact.archived || (said && !fact.label.toLowerCase().includes(said))) continue
    groups.set(fact.group, [...(groups.get(fact.group) ?? []), fact])
  }
  return [...groups].map(([group, facts]) => ({ group, facts }))
}

/** What was typed as the server takes it: a number where it is one, else the words, of which the server says what is
    wrong with them; nothing: null. `digits`: decimals of a minor unit. */
export function parsed(text: string, digits = 0): unknown {
  const said = text.trim().replace(/[，,\s]/g, '')
  if (!said) return null
  const number = Number(said)
  if (!Number.isFinite(number)) return text.trim()
  return digits ? Math.round(number * 10 ** digits) : number
}

export function shown(value: unknown, digits = 0): string {
  if (value === null || value === undefined) return ''
  const number = typeof value === 'number' ? value : Number(value)
  return digits && Number.isFinite(number) ? String(number / 10 ** digits) : String(value)
}
