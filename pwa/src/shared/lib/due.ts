/* When a card is due, in words and in how pressing it is. */
import { clock, daysUntil, when } from './dates.ts'
import { t } from './i18n.ts'

export interface Due {
  text: string
  tone: 'late' | 'soon' | ''
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function lateToday(ms: number): string {
  if (ms < 10 * MINUTE) return t('due.just')
  if (ms < HOUR) return t('due.minutes', { n: Math.floor(ms / MINUTE) })
  return t('due.hours', { n: Math.floor(ms / HOUR) })
}

export function due(dueAt: string, now: Date = new Date()): Due {
  const left = Date.parse(dueAt) - now.getTime()
  const days = daysUntil(dueAt, now)
  if (days < 0) return { text: t('due.days', { n: -days }), tone: 'late' }
  if (left < 0) return { text: lateToday(-left), tone: 'late' }
  if (days > 0) return { text: when(dueAt, now), tone: '' }
  return { text: t('due.by', { time: clock(dueAt) }), tone: left < 2 * HOUR ? 'soon' : '' }
}
