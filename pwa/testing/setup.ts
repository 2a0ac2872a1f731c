import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach } from 'vitest'
import { loadLocale } from '@/shared/lib/i18n.ts'
import { closeDb } from '@/shared/offline/db.ts'

beforeEach(async () => {
  await loadLocale('zh-CN')
})

afterEach(async () => {
  await closeDb()
  globalThis.indexedDB = new IDBFactory()
})
