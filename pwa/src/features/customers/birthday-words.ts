/* The words of birthdays by the moon, or without a year: they come with the lists that say them. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'

const zh = {
  solar: '公历',
  lunar: '农历',
  year: '年份',
  months: '月',
  days: '日',
  month: '{n} 月',
  day: '{n} 日',
  yearless: '不记得年份',
  leap: '闰月',
}
export type Word = keyof typeof zh
const en: Record<Word, string> = {
  solar: 'Solar',
  lunar: 'Lunar',
  year: 'Year',
  months: 'Month',
  days: 'Day',
  month: 'Month {n}',
  day: '{n}',
  yearless: 'Year not known',
  leap: 'Leap month',
}
const words: Record<Locale, Record<Word, string>> = { 'zh-CN': zh, en }

export const w = (key: Word, n = 0): string => words[locale.value][key].replace('{n}', String(n))
