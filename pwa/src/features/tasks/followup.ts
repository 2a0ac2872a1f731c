/* The handful of times a guide usually means, in the store's zone. */
import { addDays, clock, dayOf, instant, when } from '@/shared/lib/dates.ts'
import { t } from '@/shared/lib/i18n.ts'
import type { Outcome } from './operations.ts'

export interface Choice {
  at: string
  label: string
}

const HOUR = 3_600_000

/** Choices for "when does she come" and "when to call again"; empty for outcomes that need neither. */
export function choices(outcome: Outcome | null, now: Date = new Date()): Choice[] {
  const today = dayOf(now)
  const at = (day: string, time: string): Choice => ({ at: instant(day, time), label: when(instant(day, time), now) })
  const weekday = new Date(today + 'T00:00:00Z').getUTCDay()
  const saturday = addDays(today, (6 - weekday + 7) % 7 || 7)
  let found: Choice[] = []
  if (outcome === 'VISIT_BOOKED') {
    found = [
      at(today, '18:30'),
      at(addDays(today, 1), '10:00'),
      at(addDays(today, 1), '15:00'),
      at(saturday, '10:00'),
      at(saturday, '15:00'),
      at(addDays(saturday, 1), '10:00'),
    ]
  } else if (outcome === 'LATER') {
    const soon = new Date(Math.ceil((now.getTime() + HOUR) / (HOUR / 4)) * (HOUR / 4)).toISOString()
    const hour = { at: soon, label: t('followup.hour', { time: clock(soon) }) }
    found = [
      ...(dayOf(soon) === today ? [hour] : []),
      at(today, '15:00'),
      at(today, '19:00'),
      at(addDays(today, 1), '10:00'),
      at(addDays(today, 2), '10:00'),
    ]
  }
  // Nobody is called before nine or after nine.
  const awake = (at: string): boolean => clock(at) >= '09:00' && clock(at) < '21:00'
  const later = found.filter((choice) => awake(choice.at) && Date.parse(choice.at) > now.getTime() + HOUR / 2)
  return later.filter((choice, i) => later.findIndex((other) => other.at === choice.at) === i)
}
