/* The words of links to fill in: fetched with what shows them. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'

const zh = {
  fill: '请她自己填',
  fill_more: '给她看二维码，微信扫一扫就能填',
  title: '请{name}扫一扫',
  store_title: '{store}的二维码',
  lead: '微信扫一扫就能填，不用装应用。页面上看不到店里已有的资料。',
  store_lead: '贴在柜台或发给来问的人。扫的人先留手机或微信，就进到线索里。',
  store_code: '本店二维码',
  qr: '二维码，扫一扫打开填写页',
  until: '{day} 前有效',
  once: '只用一次',
  once_more: '她填好这个码就失效',
  many_more: '有效期内可以再来补',
  receipt_lead: '这张小票的码。微信扫一扫就能填，页面上看不到店里已有的资料。',
  asks: '会问：{fields}',
  copy: '复制链接',
  copied: '链接复制好了',
  share: '发给她',
  share_text: '{brand}：花一分钟填一下资料',
  stop: '停用',
  stopped: '停用了，这个码扫不开了',
  again: '换一个新的',
  waiting: '等她扫码…',
  arrived: '收到了 {n} 项',
  done: '她填好了，收到 {n} 项',
  offline: '没连上。二维码要有网才能做',
  retry: '再试',
  decide: '她自己填的，和档案不一样',
  answers: '{name}自己填的',
  answers_none: '都处理好了',
  unsure: '有人扫了门店的码，留的是这个号码。先问问是不是她本人',
  take: '采用',
  keep_rest: '没点的，保留原来的',
  settle: '就这样',
  settled: '处理好了',
  given: '可享：{offers}',
  offers: '填资料的回馈',
  offers_lead: '客人自己填好姓名、手机和生日，就能享受这些。每样每人一次，会写进她的来往记录。',
  offers_none: '还没有写。写上一两样，愿意填的人会多不少。',
  offer_zh: '中文，例如：会员 9 折',
  offer_en: '英文（可不填）',
  add: '加一样',
  remove: '去掉{name}',
  save: '存好',
  saved: '存好了，新打开的页面就是这样',
  fields: '除了基本资料，还问什么',
  fields_lead: '姓名、手机、性别、生日、微信总会问。敏感的、只有部分岗位能看的，不会放到客人面前。',
  nth: '第 {n} 样',
  sep: '、',
}
export type Word = keyof typeof zh

const en: Record<Word, string> = {
  fill: 'Let her fill it in',
  fill_more: 'Show her a code to scan in WeChat',
  title: 'For {name} to scan',
  store_title: 'Code of {store}',
  lead: 'Scanned in WeChat, no app needed. The page shows nothing of what is on file.',
  store_lead:
    'On the counter, or sent to who asks. Whoever scans it leaves a phone or WeChat first and becomes a lead.',
  store_code: "The store's code",
  qr: 'QR code that opens the form',
  until: 'Until {day}',
  once: 'For one use',
  once_more: 'Over once she has finished',
  many_more: 'She can come back and add to it',
  receipt_lead: 'For this receipt. Scanned in WeChat; the page shows nothing of what is on file.',
  asks: 'Asks for: {fields}',
  copy: 'Copy link',
  copied: 'Link copied',
  share: 'Send',
  share_text: '{brand}: one minute for your card',
  stop: 'End it',
  stopped: 'Ended. The code opens nothing any more',
  again: 'Make another',
  waiting: 'Waiting for her to scan…',
  arrived: '{n} answers so far',
  done: 'She is done: {n} answers',
  offline: 'Not connected. A code needs a connection',
  retry: 'Try again',
  decide: 'She wrote something else than her card says',
  answers: 'What {name} wrote',
  answers_none: 'All of it is decided',
  unsure: "Somebody scanned the store's code and left this number. Ask first whether it was her",
  take: 'Take',
  keep_rest: 'What is not chosen stays as it is',
  settle: 'That is it',
  settled: 'Decided',
  given: 'is given: {offers}',
  offers: 'What is given for filling in',
  offers_lead:
    'For a name, a phone and a birthday that a customer fills in herself. Each once a person; her timeline says so.',
  offers_none: 'Nothing yet. With one or two, many more people fill it in.',
  offer_zh: 'In Chinese, for example 会员 9 折',
  offer_en: 'In English (may stay empty)',
  add: 'Add one',
  remove: 'Take away {name}',
  save: 'Save',
  saved: 'Saved. Pages opened from now on say so',
  fields: 'What else is asked',
  fields_lead:
    'Name, phone, gender, birthday and WeChat always are. What is sensitive, or not for every role, is put before nobody.',
  nth: 'No. {n}',
  sep: ', ',
}

const words: Record<Locale, Record<Word, string>> = { 'zh-CN': zh, en }

export function w(key: Word, values: Record<string, string | number> = {}): string {
  return words[locale.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** 11月29日 · 29 Nov */
export function dayOf(at: string): string {
  const day = new Date(at)
  const other = day.getFullYear() !== new Date().getFullYear()
  const year = other ? ({ year: 'numeric' } as const) : {}
  return new Intl.DateTimeFormat(locale.value, { ...year, month: 'short', day: 'numeric' }).format(day)
}
