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
  go: '导出',
  mine: '我导出过的',
  WAITING: '排着队',
  RUNNING: '正在写 {n} / {all}',
  DONE: '共 {n} 位，{until} 前可下载',
  gone: '文件已删除',
  FAILED: '没导成',
  save: '下载',
  no_save: '没下载成，再试一次',
  offline: '没连上，导出要有网',
  name: '姓名',
  alias: '称呼',
  phone: '手机号（打码）',
  member_no: '会员号',
  store: '门店编码',
  store_name: '门店',
  guide: '导购',
  gender: '性别',
  birthday: '生日',
  level: '等级',
  source: '来源',
  note: '备注',
  created_at: '建档时间',
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
  go: 'Export',
  mine: 'What I have exported',
  WAITING: 'Waiting',
  RUNNING: 'Writing {n} of {all}',
  DONE: '{n} customers, to be fetched until {until}',
  gone: 'The file is deleted',
  FAILED: 'It did not work',
  save: 'Download',
  no_save: 'It did not download. Please try again',
  offline: 'Not connected. Exporting needs a connection',
  name: 'Name',
  alias: 'Alias',
  phone: 'Phone (masked)',
  member_no: 'Member number',
  store: 'Store code',
  store_name: 'Store',
  guide: 'Guide',
  gender: 'Gender',
  birthday: 'Birthday',
  level: 'Level',
  source: 'Source',
  note: 'Note',
  created_at: 'Filed at',
}

const words: Record<Locale, Record<Word, string>> = { 'zh-CN': zh, en }

export const COLUMNS = [
  ...(['name', 'alias', 'phone', 'member_no', 'store', 'store_name', 'guide'] as const),
  ...(['gender', 'birthday', 'level', 'source', 'note', 'created_at'] as const),
] satisfies Word[]

export function w(key: Word, values: Record<string, string | number> = {}): string {
  return words[locale.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
