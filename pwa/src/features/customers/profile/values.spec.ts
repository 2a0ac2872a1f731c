import { beforeAll, expect, it } from 'vitest'
import { ownField as field } from '../../../../testing/make.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'
import { KEPT } from './said.ts'
import { inWords, mainOf, minorOf, wrong } from './values.ts'
import type { Rule } from './operations.ts'

beforeAll(() => loadWords(words.sheets))

const now = new Date('2026-11-22T04:00:00Z')
const rule = (code: Rule['code'], value: string | null = null, values: string[] = []): Rule => ({
  code,
  value,
  values,
  message: `broken ${code} ${value}`,
})
const trouble = (kind: Parameters<typeof field>[1], rules: Rule[], ...said: string[]) =>
  wrong(field('one', kind, { rules }), said, now)

it('money is typed in yuan and kept in fen; what is none stays as typed', () => {
  expect(['12', '12.5', '¥1,200.05', '０．０７', '-3', '.5', '0'].map((text) => minorOf(text))).toEqual([
    '1200',
    '1250',
    '120005',
    '7',
    '-300',
    '50',
    '0',
  ])
  expect(['12.345', 'abc', '1.2.3', ''].map((text) => minorOf(text))).toEqual(['12.345', 'abc', '1.2.3', ''])
  expect(['1200', '1250', '7', '-300', '120005', '12.345'].map((minor) => mainOf(minor))).toEqual([
    '12',
    '12.5',
    '0.07',
    '-3',
    '1200.05',
    '12.345',
  ])
  expect(mainOf(minorOf('300', 0), 0)).toBe('300')
})

it('every kind says what it is, and an empty field nothing', () => {
  expect(trouble('NUMBER', [], '三')).toContain('数字')
  expect(trouble('NUMBER', [], '1.23456')).toContain('4 位小数')
  expect(trouble('NUMBER', [], '１，２００')).toBeNull()
  expect(trouble('MONEY', [], '12.345')).toContain('金额')
  expect(trouble('DATE', [], '0026-01-01')).toContain('1900')
  expect(trouble('PHONE', [], '138 1234')).toContain('电话')
  expect(trouble('PHONE', [], '0571-8765 4321')).toBeNull()
  expect(trouble('PHONE', [], KEPT)).toBeNull()
  expect(trouble('TEXT', [rule('MIN_LENGTH', '3')], '  ')).toBeNull()
})

it('the rules of head office hold as on the server', () => {
  const broken: [Parameters<typeof field>[1], Rule, string[], string[]][] = [
    ['NUMBER', rule('MIN', '2'), ['1.9'], ['2']],
    ['NUMBER', rule('DECIMALS', '1'), ['1.25'], ['1.50']],
    ['MONEY', rule('MAX', '9900'), ['9901'], ['9900']],
    ['DATE', rule('MIN', '2026-01-01'), ['2025-12-31'], ['2026-01-01']],
    ['DATE', rule('NOT_FUTURE'), ['2026-11-23'], ['2026-11-22']],
    ['DATE', rule('NOT_PAST'), ['2026-11-21'], ['2026-11-22']],
    ['TEXT', rule('MAX_LENGTH', '2'), ['龙湖春'], ['👶👶']],
    ['TEXT', rule('PATTERN', 'digits'), ['1２'], ['12']],
    ['TEXT', rule('PATTERN', 'chinese'), ['龙湖a'], ['龙湖春江']],
    ['TEXT', rule('PATTERN', 'email'), ['a@b'], ['a@b.cn']],
    ['TEXT', rule('PATTERN', 'web_address'), ['nowhere'], ['https://example.com/page']],
    ['TEXT', rule('MASK', 'A9-*'), ['19-x'], ['b2-龙']],
    ['TEXT', rule('ONE_OF', null, ['甲', '乙']), ['丙'], ['乙']],
    ['CHOICES', rule('MIN_COUNT', '2'), ['a'], ['a', 'b']],
    ['CHOICES', rule('MAX_COUNT', '1'), ['a', 'b'], ['a']],
  ]
  for (const [kind, one, bad, good] of broken) {
    expect(trouble(kind, [one], ...bad), `${one.code} ${bad.join()}`).toContain('broken')
    expect(trouble(kind, [one], ...good), `${one.code} ${good.join()}`).toBeNull()
  }
  expect(trouble('MONEY', [rule('MAX', '9900')], '10000')).toContain('99')
})

it('a value reads as people say it', () => {
  const options = [
    { key: 'a', label: '飞鹤', archived: false },
    { key: 'b', label: '爱他美', archived: true },
  ]
  expect(inWords(field('one', 'CHOICES', { options }), ['a', 'b'], 'CNY')).toBe('飞鹤、爱他美')
  expect(inWords(field('one', 'MONEY'), ['1250'], 'CNY')).toBe('¥12.50')
  expect(inWords(field('one', 'YES_NO'), ['false'], 'CNY')).toBe('否')
  expect(inWords(field('one', 'PHONE'), ['138 1234 2047'], 'CNY')).toBe('138 •••• 2047')
  expect(inWords(field('one', 'STAFF'), ['id'], 'CNY', { id: '林小雨' })).toBe('林小雨')
})
