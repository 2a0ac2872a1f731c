/* Words that only some pages say: fetched with those, and not what every page has to carry. */
import type { Words } from './i18n.ts'

export const words = {
  form: {
    'zh-CN': () => import('./messages/zh/form.ts'),
    en: () => import('./messages/en/form.ts'),
  },
  me: {
    'zh-CN': () => import('./messages/zh/me.ts'),
    en: () => import('./messages/en/me.ts'),
  },
} satisfies Record<string, Words>
