/* The words of tags, loaded with the parts that say them. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'

const zh = {
  title: '标签',
  add: '打标签',
  none: '还没有标签，点右边打上第一个',
  question: '给{name}打标签',
  hint: '点一下打上，再点一下去掉',
  empty: '总部还没有建标签',
  only: '只选一个',
  rule_more: '跟着分群的规则走，不用手工打',
  model_more: '由模型推算，不用手工打',
  set: '已打上「{name}」',
  swapped: '已换成「{name}」，原来是「{old}」',
  gone: '已去掉「{name}」',
  undo: '撤销',
  unsaved: '手机里存不下，没有打上',
  why: '「{name}」是怎么来的',
  by_STAFF: '{who} {day}打上',
  by_IMPORT: '{day}从表格导入',
  by_RULE: '{day}起符合分群的规则',
  by_MODEL: '{day}推算出来',
  somebody: '同事',
  score: '把握 {n}%',
  until: '到 {day} 为止有效',
  reasons: '为什么这样推算',
  remove: '去掉这个标签',
  predicted: '推算',
}

export type Word = keyof typeof zh

const en: Record<Word, string> = {
  title: 'Tags',
  add: 'Tag',
  none: 'No tags yet. Add the first one on the right',
  question: 'Tags of {name}',
  hint: 'Touch to set, touch again to take away',
  empty: 'Head office has made no tags yet',
  only: 'one of these',
  rule_more: 'Follows a segment’s rule and is not set by hand',
  model_more: 'Worked out by a model and not set by hand',
  set: 'Tagged “{name}”',
  swapped: '“{name}” in place of “{old}”',
  gone: 'Took “{name}” away',
  undo: 'Undo',
  unsaved: 'This phone has no room for it: not tagged',
  why: 'Where “{name}” comes from',
  by_STAFF: 'Set by {who} on {day}',
  by_IMPORT: 'Came from a file on {day}',
  by_RULE: 'Fits the segment’s rule since {day}',
  by_MODEL: 'Worked out on {day}',
  somebody: 'a colleague',
  score: '{n}% sure',
  until: 'Counts until {day}',
  reasons: 'Why it was worked out so',
  remove: 'Take this tag away',
  predicted: 'worked out',
}

const words: Record<Locale, Record<Word, string>> = { 'zh-CN': zh, en }

export function w(key: Word, values: Record<string, string | number> = {}): string {
  return words[locale.value][key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
}
