/* How old a child is, in words. Months are the calendar's, as the server counts them. */
import { dayOf } from '@/shared/lib/dates.ts'
import { w } from './words.ts'

const DAY = 86_400_000
const TWO_YEARS = 24

/** The same day so many months on, or the last of a month that lacks it. */
export function addMonths(day: string, n: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + n + 1, 0))
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate())))
    .toISOString()
    .slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY)
}

/** Whole months since the birth, and the days over. */
export function ageOn(born: string, today: string): { months: number; days: number } {
  let months = (Number(today.slice(0, 4)) - Number(born.slice(0, 4))) * 12
  months += Number(today.slice(5, 7)) - Number(born.slice(5, 7))
  if (addMonths(born, months) > today) months--
  return { months, days: daysBetween(addMonths(born, months), today) }
}

/** 3 个月 12 天; or how far the due date is. */
export function ageWords(child: { bornOn: string | null; dueOn: string | null }, today = dayOf(new Date())): string {
  if (!child.bornOn) {
    const left = child.dueOn ? daysBetween(today, child.dueOn) : 0
    return left > 0 ? w('due_in', { d: left }) : left ? w('due_past', { d: -left }) : w('due_today')
  }
  const { months: m, days: d } = ageOn(child.bornOn, today)
  if (m < 1) return d > 0 ? w('days', { d }) : w('born_today')
  if (m < TWO_YEARS) return d ? w('months_days', { m, d }) : w('months', { m })
  const [y, rest] = [Math.floor(m / 12), m % 12]
  return rest ? w('years_months', { y, m: rest }) : w('years', { y })
}
