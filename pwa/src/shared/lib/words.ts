/* Words that only some pages say: fetched with those, and not what every page has to carry. */
import { loadWords, type Words } from './i18n.ts'

/** Something that is loaded with words that are not everybody's. */
export const saying =
  <M>(load: () => Promise<M>, ...families: Words[]) =>
  async (): Promise<M> =>
    (await Promise.all([load(), ...families.map(loadWords)]))[0]

export const words = {
  form: {
    'zh-CN': () => import('./messages/zh/form.ts'),
    en: () => import('./messages/en/form.ts'),
  },
  me: {
    'zh-CN': () => import('./messages/zh/me.ts'),
    en: () => import('./messages/en/me.ts'),
  },
  sheets: {
    'zh-CN': () => import('./messages/zh/sheets.ts'),
    en: () => import('./messages/en/sheets.ts'),
  },
  signIn: {
    'zh-CN': () => import('./messages/zh/sign-in.ts'),
    en: () => import('./messages/en/sign-in.ts'),
  },
  today: {
    'zh-CN': () => import('./messages/zh/today.ts'),
    en: () => import('./messages/en/today.ts'),
  },
  visits: {
    'zh-CN': () => import('./messages/zh/visits.ts'),
    en: () => import('./messages/en/visits.ts'),
  },
} satisfies Record<string, Words>
