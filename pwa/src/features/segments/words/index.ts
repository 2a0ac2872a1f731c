/* The words of segments: fetched with what shows them. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'
import type { Option } from '../operations.ts'
import type { Group } from '../tree.ts'
import en from './en.ts'
import zh from './zh.ts'

export type Word = keyof typeof zh
const words: Record<Locale, Record<string, string>> = { 'zh-CN': zh, en }

/** The sentence for `key`; for a key put together at run time that there is none for, its last part. */
export function w(key: Word | `arg_${string}`, values: Record<string, string | number> = {}): string {
  const text = words[locale.value][key] ?? key.replace(/^\w+?_/, '')
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** A comparison as it is said of this kind of fact. */
export function opWord(kind: string, op: string): string {
  const known = words[locale.value]
  return known[`op_${kind}_${op}`] ?? known[`op_${op}`] ?? op
}

export const groupWord = (group: string): string => words[locale.value][`group_${group}`] ?? group

/** How a group is joined, by one name. */
export const JOINS = {
  all: { join: 'all', not: false },
  any: { join: 'any', not: false },
  none: { join: 'any', not: true },
  some: { join: 'all', not: true },
} as const
export const join = ({ join, not }: Group): keyof typeof JOINS => (not ? (join === 'any' ? 'none' : 'some') : join)

/** What is chosen: two by name, more by the first and how many. */
export function chosenWords(options: readonly Option[], value: unknown): string {
  const keys = Array.isArray(value) ? (value as string[]) : []
  const names = keys.map((key) => options.find((one) => one.key === key)?.label ?? w('gone'))
  if (!names.length) return w('choose')
  return names.length < 3 ? names.join(w('list')) : w('and_more', { first: names[0]!, n: names.length })
}
