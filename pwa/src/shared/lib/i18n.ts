/* Words in the reader's language. Chinese first; one language is loaded at a time. */
import { computed, shallowRef } from 'vue'
import type managers from './messages/zh/managers.ts'
import type zh from './messages/zh.ts'

export type Messages = typeof zh
/** Words of pages that few people open; loaded with those. */
export type FurtherMessages = typeof managers
export type MessageKey = keyof Messages | keyof FurtherMessages
export type Locale = 'zh-CN' | 'en'
type Words = Record<Locale, () => Promise<{ default: Record<string, string> }>>

const loaders: Words = {
  'zh-CN': () => import('./messages/zh.ts'),
  en: () => import('./messages/en.ts'),
}

const messages = shallowRef<Record<string, string>>({})
const current = shallowRef<Locale>('zh-CN')

export const locale = computed(() => current.value)

const families = [loaders]

export async function loadLocale(to: Locale): Promise<void> {
  const words = await Promise.all(families.map((family) => family[to]()))
  messages.value = Object.assign({}, ...words.map((word) => word.default)) as Record<string, string>
  current.value = to
}

/** Adds further words, now and in every language chosen later. */
export async function loadWords(family: Words): Promise<void> {
  families.push(family)
  await loadLocale(current.value)
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
