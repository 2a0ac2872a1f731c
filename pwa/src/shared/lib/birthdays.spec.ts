import { expect, it } from 'vitest'
import { birthdayWords, readBirthday, writeBirthday } from './birthdays.ts'
import { loadLocale } from './i18n.ts'

it('birthdays are read and written canonically, and said as people do', async () => {
  await loadLocale('zh-CN')
  const said: Record<string, string> = {
    '1990-03-08': '1990年3月8日',
    '--03-08': '3月8日',
    'lunar:--04-15': '农历四月十五',
    'lunar:1990-12-30': '农历1990年腊月三十',
    'lunar:2023-leap-02-03': '农历2023年闰二月初三',
    'lunar:--11-23': '农历冬月廿三',
  }
  for (const [text, words] of Object.entries(said)) {
    expect(writeBirthday(readBirthday(text)!)).toBe(text)
    expect(birthdayWords(text)).toBe(words)
  }
  expect(readBirthday('4月15')).toBeNull()
})
