/* Words in the reader's language. Chinese first; one language is loaded at a time. */
import { computed, shallowRef } from 'vue'
import type zh from './messages/zh.ts'

export type Messages = typeof zh
export type MessageKey = keyof Messages
export type Locale = 'zh-CN' | 'en'

const loaders: Record<Locale, () => Promise<{ default: Record<MessageKey, string> }>> = {
  'zh-CN': () => import('./messages/zh.ts'),
  en: () => import('./messages/en.ts'),
}

const messages = shallowRef<Record<string, string>>({})
const current = shallowRef<Locale>('zh-CN')

export const locale = computed(() => current.value)

export async function loadLocale(to: Locale): Promise<void> {
  messages.value = (await loaders[to]()).default
  current.value = to
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
