/* Days and hours as a shop says them, always in the store's own zone. */
import { locale, t } from './i18n.ts'

let zone: string | undefined

/** Sets the zone every date is said in (the store's); until then the device's. */
export function setZone(name: string | undefined): void {
  zone = name
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are dear to make, and few. */
function format(
  options: Intl.DateTimeFormatOptions,
  at: Date,
  timeZone: string | undefined = zone,
  language: string = locale.value,
): string {
  const key = JSON.stringify([language, timeZone, options])
  let found = formats.get(key)
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language, { ...options, timeZone })))
  return found.format(at)
}

/** 2026-11-19, or 2026-11-19 10:30:00, in the store's zone. */
function plain(options: Intl.DateTimeFormatOptions, at: Date, timeZone: string | undefined = zone): string {
  return format(options, at, timeZone, 'sv-SE')
}

const DAY = 86_400_000

/** The calendar day of an instant in the store's zone, or in another's; `2026-11-19`. */
export function dayOf(at: Date | string, timeZone?: string): string {
  return plain({ dateStyle: 'short' }, new Date(at), timeZone)
}

/** Whole calendar days from `now` to `at` in the store's zone; negative is past. */
export function daysUntil(at: Date | string, now: Date = new Date()): number {
  return Math.round((Date.parse(dayOf(at)) - Date.parse(dayOf(now))) / DAY)
}

/** 11月19日 周四 */
export function longDay(at: Date | string): string {
  return format({ month: 'short', day: 'numeric', weekday: 'short' }, new Date(at)).replace(/日(?=周|星期)/, '日 ')
}

/** 11月19日; with the year where it is not this one. */
export function shortDay(at: Date | string, now: Date = new Date()): string {
  const sameYear = dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4)
  return format({ month: 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) }, new Date(at))
}

/** A calendar date that has no zone (a birthday). */
export function plainDate(date: string): string {
  return format({ year: 'numeric', month: 'short', day: 'numeric' }, new Date(date + 'T00:00:00Z'), 'UTC')
}

/** A calendar date without a zone, with the year where it is not this one. */
export function plainDay(date: string, now: Date = new Date()): string {
  const year = date.slice(0, 4) === dayOf(now).slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  return format({ month: 'short', day: 'numeric', ...year }, new Date(date + 'T00:00:00Z'), 'UTC')
}

/** 3月8日 of any year. */
export function monthDay(month: number, day: number): string {
  return format({ month: 'short', day: 'numeric' }, new Date(Date.UTC(2000, month - 1, day)), 'UTC')
}

/** 11月 of `2026-11`. */
export function monthName(month: string): string {
  return format({ month: 'short' }, new Date(month + '-15T00:00:00Z'), 'UTC')
}

export function clock(at: Date | string): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, new Date(at))
}

/** 今天 10:30 · 明天 10:30 · 周六 10:00 · 12月3日 10:00 */
export function when(at: Date | string, now: Date = new Date()): string {
  const days = daysUntil(at, now)
  const near = days === 0 ? t('date.today') : days === 1 ? t('date.tomorrow') : days === -1 ? t('date.yesterday') : ''
  const day = near || (days > 1 && days < 7 ? format({ weekday: 'short' }, new Date(at)) : shortDay(at, now))
  return `${day} ${clock(at)}`
}

/** The instant of a wall-clock time in the store's zone, as ISO 8601 in UTC. */
export function instant(day: string, time: string): string {
  const naive = Date.parse(`${day}T${time}:00Z`)
  let guess = naive
  // Twice: the first correction may step over a change of the clocks.
  for (let i = 0; i < 2; i++) guess = naive - offset(new Date(guess))
  return new Date(guess).toISOString()
}

function offset(at: Date): number {
  const parts = plain({ dateStyle: 'short', timeStyle: 'medium' }, at)
  return Date.parse(parts.replace(' ', 'T') + 'Z') - Math.floor(at.getTime() / 1000) * 1000
}

/** `day` moved by `n` calendar days. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(day + 'T00:00:00Z') + n * DAY).toISOString().slice(0, 10)
}
