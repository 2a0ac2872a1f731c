import { afterEach, expect, it } from 'vitest'
import { loadLocale } from '@/shared/lib/i18n.ts'
import { asking, asks, grouped, kept, newCondition, parsed, shown } from './facts.ts'
import type { Fact } from './operations.ts'
import { JOINS, chosenWords, groupWord, join, opWord } from './words/index.ts'

const fact = (key: string, kind: Fact['kind'], ops: Fact['ops'], more: Partial<Fact> = {}): Fact => ({
  ...{ key, kind, ops, group: 'orders', label: key, options: [], args: [], archived: false },
  ...more,
})
const count = fact('orders.count', 'NUMBER', ['GE', 'BETWEEN'], { label: '购买次数' })
afterEach(() => loadLocale('zh-CN'))

it('begins with the usual comparison and what is usual for it', () => {
  expect(newCondition('i', count)).toMatchObject({ op: 'ge', value: null, not: false, where: {} })
  expect(newCondition('i', fact('last', 'DATE', ['WITHIN', 'AGO']))).toMatchObject({ op: 'within', value: 30 })
  expect(newCondition('i', fact('customer.birthday', 'DATE', ['WITHIN', 'AHEAD']))).toMatchObject({
    ...{ op: 'ahead', value: 7 },
  })
  expect(newCondition('i', fact('cell', 'CHOICE', ['IN']))).toMatchObject({ op: 'in', value: [] })
  expect(newCondition('i', fact('yes', 'FLAG', ['IS']))).toMatchObject({ op: 'is', value: true })
})

it('keeps what another comparison understands', () => {
  expect(kept('NUMBER', 'ge', 2, 'le')).toBe(2)
  expect(kept('NUMBER', 'ge', 2, 'between')).toEqual([2, null])
  expect(kept('NUMBER', 'between', [2, 5], 'ge')).toBe(2)
  expect(kept('DATE', 'within', 14, 'ahead')).toBe(14)
  expect(kept('DATE', 'within', 14, 'before')).toBeNull()
  expect(kept('SET', 'any', ['a'], 'none')).toEqual(['a'])
  expect(kept('SET', 'any', ['a'], 'known')).toBeNull()
  const where = { days: 30, stores: ['s'] }
  const other = fact('sum', 'MONEY', ['GE'], { args: [{ name: 'days', window: true, options: [] }] })
  expect(asking({ ...newCondition('i', count), where }, other)).toMatchObject({ fact: 'sum', where: { days: 30 } })
})

it('asks by kind and comparison', () => {
  expect([asks('AGE', 'ge'), asks('MONEY', 'between'), asks('DATE', 'ago')]).toEqual(['months', 'money', 'days'])
  expect([asks('DATE', 'before'), asks('SET', 'unknown')]).toEqual(['date', 'nothing'])
})

it('takes numbers as they are typed, and leaves the rest to be mended', () => {
  expect([parsed('2'), parsed(' 1,200 '), parsed('10.5', 2), parsed(''), parsed('两')]).toEqual([
    2,
    1200,
    1050,
    null,
    '两',
  ])
  expect([shown(1050, 2), shown(null), shown('两', 2), shown(0)]).toEqual(['10.5', '', '两', '0'])
})

it('finds facts by a few letters, group by group, without those that were archived', () => {
  const all = [count, fact('rfm.cell', 'CHOICE', ['IN'], { group: 'segments', label: 'RFM 分层' })]
  const archived = fact('old', 'TEXT', ['EQ'], { archived: true })
  expect(grouped([...all, archived], '').map(({ group }) => group)).toEqual(['orders', 'segments'])
  expect(grouped(all, 'rfm')).toMatchObject([{ group: 'segments', facts: [{ key: 'rfm.cell' }] }])
})

it('has a word for every way to compare and every group of facts', async () => {
  const ways = 'eq lt le gt ge between within ago ahead yearly before after contains begins in not_in any all none is'
  for (const op of [...ways.split(' '), 'known', 'unknown']) expect(opWord('NUMBER', op)).not.toBe(op)
  for (const group of ['card', 'children', 'contact', 'orders', 'segments']) expect(groupWord(group)).not.toBe(group)
  expect([opWord('AGE', 'ge'), opWord('NUMBER', 'ge'), groupWord('pets')]).toEqual(['满', '至少', 'pets'])
  await loadLocale('en')
  expect([opWord('NUMBER', 'lt'), groupWord('orders')]).toEqual(['fewer than', 'Purchases'])
})

it('says what is chosen, and how a group is joined', () => {
  const options = ['甲', '乙', '丙'].map((label, n) => ({ key: String(n), label, archived: false }))
  expect(chosenWords(options, [])).toBe('选一选')
  expect(chosenWords(options, ['0', '2'])).toBe('甲、丙')
  expect(chosenWords(options, ['0', '1', '2'])).toBe('甲等 3 个')
  for (const [name, said] of Object.entries(JOINS)) expect(join({ id: 'g', nodes: [], ...said })).toBe(name)
})
