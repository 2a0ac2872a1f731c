/* What is typed into a field, as the server takes it: `content`, one text or for CHOICES any number of option keys;
   money in minor units, days as ISO, ids of what is referred to. The same rules as the server's, read from the
   template. */
import { dayOf, plainDate } from '@/shared/lib/dates.ts'
import { t } from '@/shared/lib/i18n.ts'
import { money } from '@/shared/lib/money.ts'
import { looksLikePhone, maskPhone } from '@/shared/lib/phone.ts'
import type { Field, Rule } from './operations.ts'
import { type Content, KEPT, plain } from './said.ts'

const LARGEST = 1e11
const MOST_DECIMALS = 4
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

/** A number as typed, full-width digits and commas too; null: none. */
function numberOf(text: string): string | null {
  const digits = text.normalize('NFKC').replaceAll(',', '').trim()
  return NUMBER.test(digits) && Math.abs(Number(digits)) <= LARGEST ? digits : null
}

const decimals = (digits: string): number => digits.split('.')[1]?.replace(/0+$/, '').length ?? 0

/** An amount in main units as minor units; what is none comes back as typed. */
export function minorOf(text: string, digits = 2): string {
  const number = numberOf(text.replace(/[¥￥元\s]/g, ''))
  if (number === null || decimals(number) > digits) return text.trim()
  const [whole = '0', part = ''] = number.replace(/^[+-]/, '').split('.')
  const minor = `${whole}${part.padEnd(digits, '0').slice(0, digits)}`.replace(/^0+(?=\d)/, '')
  return number.startsWith('-') && minor !== '0' ? `-${minor}` : minor
}

/** Minor units as they are typed: 1250 -> 12.5. */
export function mainOf(minor: string, digits = 2): string {
  if (!/^-?\d+$/.test(minor)) return minor
  const sign = minor.startsWith('-') ? '-' : ''
  const text = minor.replace('-', '').padStart(digits + 1, '0')
  const [whole, part] = [text.slice(0, text.length - digits), digits ? text.slice(-digits).replace(/0+$/, '') : '']
  return sign + whole + (part ? `.${part}` : '')
}

/** What is wrong with what was typed, as a sentence that says what to do; null: nothing, or nothing is typed. */
export function wrong(field: Field, content: Content, now = new Date()): string | null {
  const said = plain(content)
  if (!said.length || said[0] === KEPT) return null
  const ofKind = ofItsKind(field, said)
  if (ofKind) return ofKind
  const broken = field.rules.find((rule) => !CHECKS[rule.code](rule, said, field, dayOf(now)))
  return broken?.message ?? null
}

function ofItsKind(field: Field, said: Content): string | null {
  const { kind, label } = field
  const [text = ''] = said
  if (kind === 'NUMBER') {
    const number = numberOf(text)
    if (number === null) return t('value.number', { label })
    return decimals(number) > MOST_DECIMALS ? t('value.decimals', { label, most: MOST_DECIMALS }) : null
  }
  if (kind === 'MONEY' && !/^-?\d{1,15}$/.test(text)) return t('value.money', { label })
  if (kind === 'DATE' && !(/^\d{4}-\d\d-\d\d$/.test(text) && text >= '1900' && text < '2200'))
    return t('value.date', { label })
  if (kind === 'PHONE' && !looksLikePhone(text) && !/^0\d{9,11}$/.test(text.replace(/\D/g, '')))
    return t('value.phone', { label })
  return kind === 'TEXT' && length(text) > 2000 ? t('value.long', { label, most: 2000 }) : null
}

type Check = (rule: Rule, said: Content, field: Field, today: string) => boolean

/** Characters, as the server counts them. */
const length = (text: string): number => [...text].length
const below = (rule: Rule, said: Content, field: Field): boolean =>
  field.kind === 'DATE' ? said[0]! < rule.value! : Number(numberOf(said[0]!)) < Number(rule.value)
const above = (rule: Rule, said: Content, field: Field): boolean =>
  field.kind === 'DATE' ? said[0]! > rule.value! : Number(numberOf(said[0]!)) > Number(rule.value)

const CHECKS: Record<Rule['code'], Check> = {
  MIN: (rule, said, field) => !below(rule, said, field),
  MAX: (rule, said, field) => !above(rule, said, field),
  DECIMALS: (rule, said) => decimals(numberOf(said[0]!) ?? '') <= Number(rule.value),
  MIN_LENGTH: (rule, said) => length(said[0]!) >= Number(rule.value),
  MAX_LENGTH: (rule, said) => length(said[0]!) <= Number(rule.value),
  PATTERN: (rule, said) => PATTERNS[rule.value ?? '']?.(said[0]!) ?? true,
  MASK: (rule, said) => fitsMask(rule.value ?? '', said[0]!),
  NOT_FUTURE: (_rule, said, _field, today) => said[0]! <= today,
  NOT_PAST: (_rule, said, _field, today) => said[0]! >= today,
  ONE_OF: (rule, said, field) =>
    rule.values.includes(field.kind === 'NUMBER' ? String(Number(numberOf(said[0]!))) : said[0]!),
  MIN_COUNT: (rule, said) => said.length >= Number(rule.value),
  MAX_COUNT: (rule, said) => said.length <= Number(rule.value),
}

const PATTERNS: Record<string, (text: string) => boolean> = {
  digits: (text) => /^[0-9]+$/.test(text),
  letters: (text) => /^[A-Za-z]+$/.test(text),
  letters_and_digits: (text) => /^[A-Za-z0-9]+$/.test(text),
  chinese: (text) => /^[\u4e00-\u9fff·㐀]+$/.test(text),
  no_digits: (text) => !/[0-9]/.test(text),
  postcode: (text) => /^[0-9]{6}$/.test(text),
  email: (text) => /^[^ @,;<>]+@[^ @,;<>.]+(\.[^ @,;<>.]+)+$/.test(text),
  web_address: (text) => /^(https?:\/\/)?[^/ @]*[^/ @.]\.[^/ @.][^/ @]*(\/[^ @]*)?$/.test(text),
}

function fitsMask(mask: string, text: string): boolean {
  const signs = [...mask]
  const chars = [...text]
  const fits = (sign: string, char: string): boolean =>
    sign === '9' ? /[0-9]/.test(char) : sign === 'A' ? /[A-Za-z]/.test(char) : sign === '*' || sign === char
  return signs.length === chars.length && signs.every((sign, place) => fits(sign, chars[place]!))
}

/** A value in words. `names`: ids of what is referred to -> what it is called. */
export function inWords(field: Field, content: Content, currency: string, names: Record<string, string> = {}): string {
  const [text = ''] = plain(content)
  if (field.kind === 'CHOICE' || field.kind === 'CHOICES')
    return plain(content)
      .map((key) => field.options.find((option) => option.key === key)?.label ?? key)
      .join(t('value.separator'))
  if (!text) return ''
  if (field.kind === 'YES_NO') return t(text === 'true' ? 'value.yes' : 'value.no')
  if (field.kind === 'MONEY') return /^-?\d+$/.test(text) ? money({ minor: text, currency }) : text
  if (field.kind === 'DATE') return plainDate(text)
  if (field.kind === 'PHONE') return maskPhone(text)
  return names[text] ?? text
}
