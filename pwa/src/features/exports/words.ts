/* The words of exports. Only managers and head office see them, so they stay out of what every phone loads. */
import { locale, type Locale } from '@/shared/lib/i18n.ts'

const zh = {
  export: '导出',
  title: '导出客户',
  lead: '按现在的筛选，只导您看得到的；手机号打码，七天后自动删除',
  format: '存成什么',
  XLSX: 'Excel',
  CSV: 'CSV',
  reason: '用来做什么',
  reason_hint: '例如：三月门店盘点。会记录下来',
  columns: '要哪几列',
  columns_own: '本店自己的资料项',
  columns_gone: '列没取到，再试一次',
  masked: '{label}（打码）',
  go: '导出',
  mine: '我导出过的',
  WAITING: '排着队',
  RUNNING: '正在写 {n} / {all}',
  DONE: '共 {n} 位，{until} 前可下载',
  gone: '文件已删除',
  FAILED: '没导成',
  again: '再试',
  save: '下载',
  no_save: '没下载成，再试一次',
  offline: '没连上，导出要有网',
}
export type Word = keyof typeof zh

const en: Record<Word, string> = {
  export: 'Export',
  title: 'Export customers',
  lead: 'As filtered now, and no more than you may see. Phones are masked; the file is deleted after seven days',
  format: 'Saved as',
  XLSX: 'Excel',
  CSV: 'CSV',
  reason: 'What it is for',
  reason_hint: 'For example: stocktaking in March. It is written down',
  columns: 'Columns',
  columns_own: 'Fields of our own',
  columns_gone: 'The columns did not arrive. Try again',
  masked: '{label} (masked)',
  go: 'Export',
  mine: 'What I have exported',
  WAITING: 'Waiting',
  RUNNING: 'Writing {n} of {all}',
  DONE: '{n} customers, to be fetched until {until}',
  gone: 'The file is deleted',
  FAILED: 'It did not work',
  again: 'Try again',
  save: 'Download',
  no_save: 'It did not download. Please try again',
  offline: 'Not connected. Exporting needs a connection',
}

const words: Record<Locale, Record<Word, string>> = { 'zh-CN': zh, en }

export function w(key: Word, values: Record<string, string | number> = {}): string {
  return words[locale.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
