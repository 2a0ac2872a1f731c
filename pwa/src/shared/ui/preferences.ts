/* Language and theme of this device. Kept in localStorage because /early.js needs the theme before the first paint. */
import { ref } from 'vue'
import { whenIdle } from '../lib/idle.ts'
import { type Locale, loadLocale, locale } from '../lib/i18n.ts'
import { db } from '../offline/db.ts'

export type Theme = 'system' | 'light' | 'dark'

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private mode: the choice lasts as long as the page.
  }
}

export const theme = ref<Theme>((stored('shuke.theme') as Theme | null) ?? 'system')

export function setTheme(to: Theme): void {
  theme.value = to
  store('shuke.theme', to)
  if (to === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = to
}

/** The language chosen here, else the browser's. Chinese where that is neither. */
export function chosenLocale(): Locale {
  const kept = stored('shuke.locale')
  if (kept === 'zh-CN' || kept === 'en') return kept
  return (navigator.languages ?? []).find((l) => /^(zh|en)\b/i.test(l))?.startsWith('en') ? 'en' : 'zh-CN'
}

export async function setLocale(to: Locale, keep = true): Promise<void> {
  await loadLocale(to)
  document.documentElement.lang = to
  if (keep) store('shuke.locale', to)
  whenIdle(tellWorker)
}

/** The service worker has no localStorage and speaks too. */
function tellWorker(): void {
  void db()
    .then((base) => base.put('meta', locale.value, 'locale'))
    .catch(() => undefined)
}
