import { beforeAll, expect, it } from 'vitest'
import { customer, entry, ownField, template } from '../../../../testing/make.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'
import { decided } from '../conflict.ts'
import { typedOver, valuesOf, valuesOfInput } from '../filling.ts'
import { EMPTY } from '../form.ts'
import { overlaidDetail } from '../overlay.ts'
import { changes, createInput, laidOver } from '../sending.ts'
import { factGroups, firstMissing, stillMissing } from './card.ts'
import { sections } from './template.ts'
import { KEPT } from './said.ts'
import { fieldTroubles } from './troubles.ts'

beforeAll(() => loadWords(words.sheets))

const now = new Date('2026-11-22T04:00:00Z')
const community = ownField('community', 'TEXT', { required: true })
const rivals = ownField('rivals', 'CHOICES')
const asked = { template: template([community, rivals]), before: EMPTY }
const value = (key: string, ...content: string[]) => ({ key, content, text: content.join('、'), masked: false })

it('the form has the groups of the template, without what is archived, computed, of children or not hers to change', () => {
  const fields = [
    community,
    ownField('old', 'TEXT', { archivedAt: '2026-01-01T00:00:00Z' }),
    ownField('feed', 'TEXT', { subject: 'DEPENDANT' }),
    ownField('office', 'TEXT', { mayEdit: false }),
    ownField('net', 'MONEY', { builtIn: true, computed: true }),
    ownField('level', 'TEXT', { builtIn: true }),
  ]
  expect(sections(template(fields), true).flatMap((one) => one.fields.map(({ key }) => key))).toEqual(['community'])
  expect(sections(template(fields), false)[0]!.fields.map(({ key }) => key)).toEqual(['community', 'level'])
})

it('what is required stops a new card, and an old one only where it was there before', () => {
  const phone = { ...EMPTY, phone: '138 1234 2047' }
  expect(fieldTroubles(phone, true, asked, now)['values.community']).toContain('要填上')
  expect(fieldTroubles({ ...phone, said: { community: ['龙湖'] } }, true, asked, now)).toEqual({})
  expect(fieldTroubles(EMPTY, false, asked, now)).toEqual({})
  const before = { ...EMPTY, said: { community: ['龙湖'] } }
  expect(fieldTroubles(EMPTY, false, { ...asked, before }, now)['values.community']).toContain('要填上')
})

it('an edit sends the values that changed, an emptied one without content, a hidden one not at all', () => {
  const before = valuesOf(customer('a', { values: [value('community', '龙湖'), value('rivals', 'a'), value('tel')] }))
  expect(before.said.tel).toEqual([KEPT])
  const said = { ...before.said, community: [' 春江 '], rivals: [] }
  expect(changes({ ...before, said }, before)).toEqual({
    values: [
      { key: 'community', content: ['春江'] },
      { key: 'rivals', content: [] },
    ],
  })
  expect(changes({ ...before, said: { ...before.said } }, before)).toEqual({})
  expect(createInput({ ...EMPTY, phone: '13812342047', said: { rivals: [' '] } })).not.toHaveProperty('values')
})

it('a later edit of the same person keeps the values of the earlier', () => {
  const one = { values: [value('community', '龙湖')], note: '推车' }
  const merged = laidOver(one, { values: [{ key: 'rivals', content: ['a'] }] })
  expect(merged).toMatchObject({ note: '推车' })
  expect((merged.values as { key: string }[]).map(({ key }) => key)).toEqual(['community', 'rivals'])
  expect(valuesOfInput(merged).said).toEqual({ community: ['龙湖'], rivals: ['a'] })
})

it('a draft brings back what was typed into a field, and no other', () => {
  const before = { ...EMPTY, said: { community: ['龙湖'], rivals: ['a'] } }
  const known = { ...EMPTY, said: { community: ['龙湖'], rivals: ['b'] } }
  expect(typedOver(known, { ...before, said: { community: ['春江'], rivals: ['a'] } }, before).said).toEqual({
    community: ['春江'],
    rivals: ['b'],
  })
})

it('of a conflict mine is sent again and theirs is not', () => {
  const before = { ...EMPTY, said: { community: ['龙湖'] } }
  const values = { ...EMPTY, said: { community: ['春江'] } }
  const clash = [{ field: 'values.community', yours: '春江', theirs: '滨江' }]
  const mine = decided(clash, ['values.community'], values, before)
  expect(changes(mine.now, mine.base)).toEqual({ values: [{ key: 'community', content: ['春江'] }] })
  const theirs = decided(clash, [], values, before)
  expect(changes(theirs.now, theirs.base)).toEqual({})
})

it('values that wait lie over what the server said, in words', () => {
  const known = customer('a', { values: [value('community', '龙湖'), value('rivals', 'a')] })
  const edit = entry(
    'UpdateCustomer',
    'Customer:a',
    {
      values: [
        { key: 'community', content: ['春江'] },
        { key: 'rivals', content: [] },
      ],
    },
    { words: { community: '春江', rivals: '' } },
  )
  expect(overlaidDetail(known, 'a', [edit])!.values).toEqual([value('community', '春江')])
})

it('the card says what is known by groups, and where to go on', () => {
  const missing = [
    { key: 'industry', label: '行业', benefit: null },
    { key: 'wechat', label: '微信', benefit: '发得了图文' },
    { key: 'household', label: '家庭结构', benefit: '推荐对路' },
    { key: 'community', label: '居住社区', benefit: '就近邀请' },
  ]
  const known = customer('a', {
    values: [value('community', '龙湖')],
    completeness: { score: 40, missing, problems: [] },
  })
  const view = { ...known, pending: false, creating: null }
  expect(factGroups(view, asked.template)[0]!.facts.map(({ text }) => text)).toContain('龙湖')
  expect(stillMissing(view).map(({ key }) => key)).toEqual(['industry', 'wechat', 'household'])
  expect(firstMissing(stillMissing(view))?.key).toBe('household') // her WeChat has a place of its own
})
