/* Birthdays as the server keeps them (1990-03-08, --03-08, lunar:1990-04-15, lunar:2023-leap-02-15, lunar:--04-15). */
import { monthDay, plainDate } from './dates.ts'
import { locale } from './i18n.ts'

export interface Birthday {
  lunar: boolean
  /** null: nobody remembers it */
  year: string | null
  leap: boolean
  month: number
  day: number
}

const CANONICAL = /^(lunar:)?(?:(\d{4})-|--)(leap-)?(\d{2})-(\d{2})$/
const NUMERALS = '一二三四五六七八九十'
const MONTHS = ['正', ...NUMERALS.slice(1), '冬', '腊']

export function readBirthday(text: string): Birthday | null {
  const found = CANONICAL.exec(text)
  if (!found) return null
  const [, lunar, year, leap, month, day] = found
  return { lunar: !!lunar, year: year ?? null, leap: !!leap, month: Number(month), day: Number(day) }
}

export function writeBirthday({ lunar, year, leap, month, day }: Birthday): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const begin = `${lunar ? 'lunar:' : ''}${year ? year.padStart(4, '0') : '-'}-`
  return `${begin}${lunar && leap ? 'leap-' : ''}${two(month)}-${two(day)}`
}

/** 正月, 腊月 */
export function lunarMonth(month: number): string {
  return locale.value === 'en' ? `month ${month}` : `${MONTHS[month - 1]}月`
}

/** 初一, 十五, 廿三, 三十 */
export function lunarDay(day: number): string {
  if (locale.value === 'en') return String(day)
  const ones = NUMERALS[(day - 1) % 10]!
  if (day <= 10) return `初${ones}`
  if (day === 20 || day === 30) return `${NUMERALS[day / 10 - 1]}十`
  return `${day < 20 ? '十' : '廿'}${ones}`
}

/** 1990年3月8日 · 3月8日 · 农历四月十五 · 农历2023年闰二月十五 */
export function birthdayWords(text: string): string {
  const said = readBirthday(text)
  if (!said) return text
  const { lunar, year, leap, month, day } = said
  if (!lunar) return year ? plainDate(text) : monthDay(month, day)
  if (locale.value === 'en')
    return `Lunar ${leap ? 'leap ' : ''}${lunarMonth(month)}, day ${day}${year ? `, ${year}` : ''}`
  return `农历${year ? `${year}年` : ''}${leap ? '闰' : ''}${lunarMonth(month)}${lunarDay(day)}`
}
