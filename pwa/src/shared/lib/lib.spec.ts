import { describe, expect, it } from 'vitest'
import { addDays, clock, daysUntil, instant, longDay, setZone, when } from './dates.ts'
import { loadLocale, loadWords, locale, t } from './i18n.ts'
import { globalId, localId, uuid7 } from './ids.ts'
import en from './messages/en.ts'
import enForm from './messages/en/form.ts'
import enManagers from './messages/en/managers.ts'
import enMe from './messages/en/me.ts'
import enVisits from './messages/en/visits.ts'
import zh from './messages/zh.ts'
import zhForm from './messages/zh/form.ts'
import zhManagers from './messages/zh/managers.ts'
import zhMe from './messages/zh/me.ts'
import zhVisits from './messages/zh/visits.ts'
import { money } from './money.ts'
import { callName, initial } from './names.ts'
import { ownPath } from './paths.ts'
import { groupPhone, looksLikePhone, maskPhone } from './phone.ts'
import { words } from './words.ts'

describe('ids', () => {
  it('are version 7 and sort in the order they were made', () => {
    const ids = Array.from({ length: 5000 }, () => uuid7())
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(5000)
  })

  it('go to the wire and back', () => {
    const id = uuid7()
    expect(localId(globalId('Task', id))).toBe(id)
    expect(localId('no id at all')).toBe('no id at all')
    expect(globalId('Task', 'VGFzazp4')).toBe('VGFzazp4')
  })
})

describe('words', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort()

  it('are complete in both languages with the same values in them', () => {
    const chinese: Record<string, string> = { ...zh, ...zhForm, ...zhMe, ...zhManagers, ...zhVisits }
    const english: Record<string, string> = { ...en, ...enForm, ...enMe, ...enManagers, ...enVisits }
    for (const [key, text] of Object.entries(chinese)) {
      expect(english[key], key).toBeTruthy()
      expect(holes(english[key] ?? ''), key).toEqual(holes(text))
    }
    const plain = Object.keys(english).filter((key) => !key.endsWith('|one'))
    expect(plain.filter((key) => !(key in chinese))).toEqual([])
  })

  it('of one page join the others, in whichever language was asked for last', async () => {
    expect(t('form.new')).toBe('form.new')
    const slow = loadLocale('zh-CN')
    await Promise.all([loadLocale('en'), loadWords(words.form), slow])
    expect([locale.value, t('form.new'), t('do.back')]).toEqual(['en', 'New customer', 'Back'])
    await loadLocale('zh-CN')
    expect(t('form.new')).toBe('新客户')
  })

  it('count in English', async () => {
    await loadLocale('en')
    expect([t('today.left', { n: 1 }), t('today.left', { n: 4 })]).toEqual([
      '1 person left to contact',
      '4 people left to contact',
    ])
  })
})

describe('dates', () => {
  const now = new Date('2026-11-19T01:41:00Z')

  it('are said in the store’s zone', () => {
    setZone('Asia/Shanghai')
    expect(longDay(now)).toBe('11月19日 周四')
    expect(clock('2026-11-19T02:30:00Z')).toBe('10:30')
    expect(when('2026-11-19T17:00:00Z', now)).toBe('明天 01:00')
    expect(when('2026-11-21T02:00:00Z', now)).toBe('周六 10:00')
    expect(daysUntil('2026-11-18T15:59:00Z', now)).toBe(-1)
  })

  it('turn wall-clock times into instants, across a change of clocks too', () => {
    setZone('Asia/Shanghai')
    expect(instant('2026-11-21', '10:00')).toBe('2026-11-21T02:00:00.000Z')
    setZone('Europe/Berlin')
    expect(instant('2026-03-29', '10:00')).toBe('2026-03-29T08:00:00.000Z')
    expect(instant('2026-03-28', '10:00')).toBe('2026-03-28T09:00:00.000Z')
    setZone(undefined)
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  })
})

it('money shows decimals only where there are some', () => {
  expect([
    money({ minor: '684200', currency: 'CNY' }),
    money({ minor: '684250', currency: 'CNY' }),
    money({ minor: '500', currency: 'JPY' }),
  ]).toEqual(['¥6,842', '¥6,842.50', '¥500'])
})

it('people are called as colleagues call them', () => {
  expect([callName('周雨桐'), callName('林可'), callName('Lin Xiao'), callName('欧阳小雨')]).toEqual([
    '雨桐',
    '小可',
    'Lin',
    '小雨',
  ])
  expect([initial('周'), initial(' lin'), initial(null)]).toEqual(['周', 'L', '·'])
})

it('phone numbers are grouped, recognised and masked', () => {
  expect([groupPhone('13812342047'), groupPhone('138 12'), groupPhone('+49 170')]).toEqual([
    '138 1234 2047',
    '138 12',
    '+49 170',
  ])
  expect([looksLikePhone('138 1234 2047'), looksLikePhone('1381234')]).toEqual([true, false])
  expect(['+8613812342047', '+491701234567', '123'].map(maskPhone)).toEqual(['138 •••• 2047', '491 •••• 4567', '••••'])
})

it('only an address of this app is a place to go', () => {
  const here = (text: unknown) => ownPath(text, 'https://shop.example')
  expect([here('/tasks/x?sheet=outcome'), here('https://shop.example/inbox')]).toEqual([
    '/tasks/x?sheet=outcome',
    '/inbox',
  ])
  for (const text of ['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '', null, 7])
    expect(here(text), String(text)).toBeNull()
})
