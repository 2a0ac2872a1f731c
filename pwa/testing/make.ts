/* Makes the objects of specs: whole, with the few fields a test is about given. */
import type { Task } from '@/features/tasks/operations.ts'
import type { Detail } from '@/features/customers/operations.ts'
import type { Field, Template } from '@/features/customers/profile/operations.ts'
import type { Me } from '@/shared/graphql/operations.ts'
import type { Entry } from '@/shared/offline/db.ts'

let made = 0

export function entry(op: string, entity: string, input: Record<string, unknown>, more: Partial<Entry> = {}): Entry {
  const id = `entry-${String(++made).padStart(4, '0')}`
  const common = {
    document: '',
    creates: false,
    staff: 'lin',
    locale: 'zh-CN',
    createdAt: 1000,
    attempts: 0,
    about: op,
  }
  return { id, order: id, op, entity, input, state: 'pending', ...common, ...more }
}

export function card(id: string, more: Partial<Task> = {}): Task {
  return {
    id,
    customer: {
      id: `c-${id}`,
      name: '周雨桐',
      alias: '小满妈妈',
      cell: 'HHH',
      level: null,
      phone: '138 •••• 2047',
      memberNo: null,
    },
    store: { id: 's', name: '滨江店' },
    assignee: { id: 'lin', name: '林小雨' },
    reasons: [{ key: 'call', why: '买完 3 天了', say: '用得惯吗？', dueAt: '2026-11-19T08:00:00Z' }],
    dueAt: '2026-11-19T08:00:00Z',
    state: 'OPEN',
    outcome: null,
    note: null,
    followUpAt: null,
    attempts: 0,
    channels: ['PHONE', 'WECHAT'],
    closedAt: null,
    closedBy: null,
    version: 1,
    ...more,
  }
}

export function customer(id: string, more: Partial<Detail> = {}): Detail {
  const none = { minor: '0', currency: 'CNY' }
  return {
    id,
    name: '周雨桐',
    alias: null,
    gender: 'UNKNOWN',
    birthDate: null,
    level: '银卡',
    source: 'WALK_IN',
    note: null,
    phone: '138 •••• 2047',
    reachedThrough: [],
    memberNo: null,
    closedChannels: [],
    store: { id: 's', name: '滨江店' },
    guide: null,
    tags: [],
    cell: 'HHH',
    cellReason: null,
    stats: {
      orderCount: 1,
      net: none,
      refunded: none,
      firstOrderAt: null,
      lastOrderAt: null,
      averageGapDays: null,
      months: [],
    },
    timeline: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
    version: 3,
    createdAt: '2026-01-01T00:00:00Z',
    values: [],
    completeness: null,
    ...more,
  }
}

export function person(id: string, more: Partial<Me> = {}): Me {
  const store = { id: 's', name: '滨江店', timezone: 'Asia/Shanghai' }
  return {
    staff: { id, name: '林小雨' },
    cells: [],
    brand: { id: 'b', name: '好孕来', currency: 'CNY', timezone: 'Asia/Shanghai' },
    roles: [{ role: 'GUIDE', region: null, store: { id: 's', name: '滨江店' } }],
    stores: [store],
    locale: 'ZH_CN',
    pushKey: '',
    unread: 0,
    sessionId: 'x',
    ...more,
  }
}

export function ownField(key: string, kind: Field['kind'], more: Partial<Field> = {}): Field {
  return {
    key,
    kind,
    group: 'identity',
    label: key,
    help: null,
    options: [],
    required: false,
    subject: 'CUSTOMER',
    builtIn: false,
    computed: false,
    archivedAt: null,
    maySee: true,
    mayEdit: true,
    rules: [],
    ...more,
  }
}

export function template(fields: Field[]): Template {
  return { version: 1, groups: [{ key: 'identity', title: '身份' }], fields }
}
