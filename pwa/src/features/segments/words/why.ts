/* Why somebody is in a segment or not: what a guide's phone says of segments, and no more. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'

const zh = {
  she: '她',
  in: '{name}在里面',
  out: '{name}不在里面',
  soon: '条件已符合，马上进来',
  leaving: '条件已不符合，马上离开',
  since: '{when}进来的',
  then: '当时',
  before: '以前在过',
  from_to: '{from}进来，{to}离开',
  left_by: '离开时{seen}',
  now: '现在',
  seen: '实际：{seen}',
  holds: '符合',
  fails: '不符合',
  holds_wrongly: '符合，但这里不该符合',
  fails_rightly: '不符合，正该如此',
  gone: '看不了：她或这个分群已经不在',
  hers: '她在哪些分群',
  hers_none: '她现在不在任何分群',
  hers_why: '为什么不在',
  hers_pick: '想看哪个分群',
  loading: '正在看…',
  offline: '没连上，为什么要有网才能看',
  retry: '再试',
  snapshot: '定格名单',
}
export type WhyWord = keyof typeof zh

const en: Record<WhyWord, string> = {
  she: 'She',
  in: '{name} is in it',
  out: '{name} is not in it',
  soon: 'She fits and comes in any moment',
  leaving: 'She fits no longer and leaves any moment',
  since: 'Since {when}',
  then: 'Then',
  before: 'Earlier',
  from_to: '{from} to {to}',
  left_by: 'On leaving: {seen}',
  now: 'Now',
  seen: 'On file: {seen}',
  holds: 'Holds',
  fails: 'Does not hold',
  holds_wrongly: 'Holds, and should not',
  fails_rightly: 'Does not hold, as it should',
  gone: 'She or this segment is no longer there',
  hers: 'Her segments',
  hers_none: 'She is in no segment now',
  hers_why: 'Why not in one?',
  hers_pick: 'Which segment?',
  loading: 'Looking…',
  offline: 'Not connected. Why she is in needs a connection',
  retry: 'Try again',
  snapshot: 'Fixed list',
}

const words: Record<Locale, Record<WhyWord, string>> = { 'zh-CN': zh, en }

export function y(key: WhyWord, values: Record<string, string | number> = {}): string {
  return words[locale.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
