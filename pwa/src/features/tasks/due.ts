/* When a card is due, in words and in how pressing it is. */
import { clock, daysUntil, when } from '@/shared/lib/dates.ts'
import { t } from '@/shared/lib/i18n.ts'

export interface Due {
  text: string
  tone: 'late' | 'soon' | ''
}

const HOUR = 3_600_000

export function due(dueAt: string, now: Date = new Date()): Due {
  const left = Date.parse(dueAt) - now.getTime()
  const days = daysUntil(dueAt, now)
  if (days < 0) return { text: t('due.days', { n: -days }), tone: 'late' }
  if (left < 0) return { text: t('due.hours', { n: Math.max(1, Math.round(-left / HOUR)) }), tone: 'late' }
  if (days > 0) return { text: when(dueAt, now), tone: '' }
  return { text: t('due.by', { time: clock(dueAt) }), tone: left < 2 * HOUR ? 'soon' : '' }
}
