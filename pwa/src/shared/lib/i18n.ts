/* Words in the reader's language. Chinese first; one language is loaded at a time. */
import { computed, shallowRef } from 'vue'
import type form from './messages/zh/form.ts'
import type managers from './messages/zh/managers.ts'
import type me from './messages/zh/me.ts'
import type sheets from './messages/zh/sheets.ts'
import type signIn from './messages/zh/sign-in.ts'
import type today from './messages/zh/today.ts'
import type visits from './messages/zh/visits.ts'
import type template from './messages/zh/template.ts'
import type zh from './messages/zh.ts'

export type Messages = typeof zh
/** Words of some pages only; loaded with those. */
export interface FurtherMessages {
  form: typeof form
  managers: typeof managers
  me: typeof me
  sheets: typeof sheets
  signIn: typeof signIn
  today: typeof today
  visits: typeof visits
  template: typeof template
}
type KeysOf<Family> = Family extends unknown ? keyof Family : never
export type MessageKey = keyof Messages | KeysOf<FurtherMessages[keyof FurtherMessages]>
export type Locale = 'zh-CN' | 'en'
export type Words = Record<Locale, () => Promise<{ default: Record<string, string> }>>

const loaders: Words = {
  'zh-CN': () => import('./messages/zh.ts'),
  en: () => import('./messages/en.ts'),
}

const messages = shallowRef<Record<string, string>>({})
const current = shallowRef<Locale>('zh-CN')

export const locale = computed(() => current.value)

const families = new Set([loaders])
let wanted: Locale = current.value

export async function loadLocale(to: Locale): Promise<void> {
  wanted = to
  const words = await Promise.all([...families].map((family) => family[to]()))
  if (wanted !== to) return
  // A family that came meanwhile stays.
  const there = current.value === to ? messages.value : {}
  messages.value = Object.assign({}, there, ...words.map((word) => word.default)) as Record<string, string>
  current.value = to
}

/** Adds further words, now and in every language chosen later. */
export async function loadWords(family: Words): Promise<void> {
  families.add(family)
  await loadLocale(wanted)
}

/** The sentence for `key` with `{name}` filled in. A value of 1 takes the key's `|one` form where there is one. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const found = messages.value
  const text = (values.n === 1 && found[`${key}|one`]) || found[key] || key
  if (!text.includes('{')) return text
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** Like `t` for a key put together at run time (an enum's value); the enum's own word when there is none. */
export function tEnum(family: string, value: string): string {
  return messages.value[`${family}.${value}`] ?? value
}
