import { beforeEach, expect, it } from 'vitest'
import { setZone } from '@/shared/lib/dates.ts'
import { due } from './due.ts'

const now = new Date('2026-11-19T10:00:00Z') // 18:00 in Shanghai
const ago = (minutes: number) => due(new Date(now.getTime() - minutes * 60_000).toISOString(), now)

beforeEach(() => setZone('Asia/Shanghai'))

it.each([
  [1, '刚过时间'],
  [25, '迟 25 分钟'],
  [59, '迟 59 分钟'],
  [60, '迟 1 小时'],
  [119, '迟 1 小时'],
  [300, '迟 5 小时'],
  [19 * 60, '迟 1 天'],
])('%i minutes after its time a card says %s', (minutes, words) => {
  expect(ago(minutes)).toEqual({ text: words, tone: 'late' })
})

it.each([
  [-30, '18:30 前', 'soon'],
  [-180, '21:00 前', ''],
  [-900, '明天 09:00', ''],
])('%i minutes before, by when', (minutes, text, tone) => {
  expect(ago(minutes)).toEqual({ text, tone })
})
