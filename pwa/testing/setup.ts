import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach } from 'vitest'
import { loadLocale, loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'
import { closeDb } from '@/shared/offline/db.ts'

beforeEach(async () => {
  await loadLocale('zh-CN')
  await Promise.all([words.sheets, words.signIn, words.today].map(loadWords))
})

afterEach(async () => {
  await closeDb()
  globalThis.indexedDB = new IDBFactory()
})
