/* What a reminder says and where it leads. The payload carries a kind and a number, never a name or a word of the
   server's: the sentences are here. */
import { ownPath } from '../shared/lib/paths.ts'

export interface Payload {
  id?: unknown
  kind?: unknown
  count?: unknown
  url?: unknown
}

export interface Shown {
  /** How many the reminder speaks of, for the app's icon; null where it does not say. */
  count: number | null
  title: string
  options: NotificationOptions
}

const WORDS = {
  zh: {
    TASKS_DUE: (n: number) => ['熟客', n > 1 ? `${n} 位在等您联系` : '有一位在等您联系'],
    SHARE_REQUEST: () => ['熟客', '别的店想共享一位客人'],
    SHARE_ANSWERED: () => ['熟客', '共享的申请有答复了'],
    ANSWERS_WAITING: () => ['熟客', '有客人自己填了资料，等您看'],
    TEST: () => ['熟客', '提醒通了，快到时间才叫您'],
    other: () => ['熟客', '有新消息'],
  },
  en: {
    TASKS_DUE: (n: number) => [
      'Shuke',
      n > 1 ? `${n} people are waiting to hear from you` : 'Somebody is waiting to hear from you',
    ],
    SHARE_REQUEST: () => ['Shuke', 'Another store asks to share a customer'],
    SHARE_ANSWERED: () => ['Shuke', 'Your request to share is answered'],
    ANSWERS_WAITING: () => ['Shuke', 'A customer filled in her card, and it waits for you'],
    TEST: () => ['Shuke', 'Reminders work. We call only when it is nearly due'],
    other: () => ['Shuke', 'There is something new'],
  },
} as const

const KINDS = new Set(Object.keys(WORDS.zh))

function parse(text: string): Payload {
  try {
    const data = JSON.parse(text) as unknown
    return typeof data === 'object' && data !== null ? (data as Payload) : {}
  } catch {
    return {}
  }
}

/** The notification of a pushed text. A browser must show something for every push, so nothing here throws. */
export function receive(text: string, language: string): Shown {
  const { id, kind, count, url } = parse(text)
  const words = WORDS[language.toLowerCase().startsWith('zh') ? 'zh' : 'en']
  const number = typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : null
  const say = typeof kind === 'string' && KINDS.has(kind) ? words[kind as keyof typeof words] : words.other
  const [title = '', body = ''] = say(number ?? 1)
  return {
    count: kind === 'TASKS_DUE' ? number : null,
    title,
    options: {
      body,
      // The same reminder delivered twice replaces itself.
      ...(typeof id === 'string' ? { tag: id } : {}),
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      data: { url: typeof url === 'string' ? url : '/today' },
    },
  }
}

/** The path a tapped notification opens: only ever one of this origin. */
export function target(data: unknown, origin: string): string {
  return ownPath((data as Payload | null)?.url, origin) ?? '/today'
}
