/* The small shop behind the mock: people, cards, receipts; enough for every screen. */
export type Variables = Record<string, unknown> & { input?: Record<string, unknown> }

const id = (type: string, n: number): string => btoa(`${type}:00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)
const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
const store = { id: id('Store', 1), name: '滨江龙湖店', timezone: 'Asia/Shanghai' }
const staff = { id: id('Staff', 1), name: '林小雨' }
const cny = (yuan: number) => ({ minor: String(Math.round(yuan * 100)), currency: 'CNY' })

const NAMES = [
  '周雨桐 小满妈妈 HHH 金卡',
  '何佳 安安妈妈 LLH',
  '陈静怡  HLL',
  '吴晓燕 糖糖果果妈妈 LHH 银卡',
  '林可 米粒妈妈 HHL',
  '孟倩 豆豆妈妈 HLH',
  '韩冰  LHL',
  '陆遥 石头妈妈 LLL',
]
type Record_ = Record<string, unknown>

function person(n: number): Record_ {
  const [name, alias, cell, level] = NAMES[n % NAMES.length]!.split(' ')
  return {
    id: id('Customer', n + 1),
    name: n < NAMES.length ? name : `${name}${n}`,
    alias: alias || null,
    cell: n === 11 ? null : cell,
    level: level ?? null,
    phone: `138 •••• ${2047 + n * 37}`,
    memberNo: null,
    gender: 'FEMALE',
    birthday: n % 3 ? '1993-05-12' : null,
    source: 'REFERRAL',
    note: n === 0 ? '喜欢下午来，推车放门口' : null,
    store,
    guide: staff,
    version: 3,
    createdAt: ago(420 - n),
    stats: {
      orderCount: 23 - n,
      net: cny(6842 - n * 300),
      refunded: cny(n ? 0 : 128),
      firstOrderAt: ago(400),
      lastOrderAt: ago(26 + n * 9),
      averageGapDays: 26,
      months: Array.from({ length: 12 }, (_, i) => {
        const at = new Date(Date.UTC(2026, new Date().getUTCMonth() - 11 + i, 1))
        return {
          month: at.toISOString().slice(0, 7),
          net: cny([280, 210, 340, 20, 470, 590, 510, 720, 640, 700, 880, 160][i]!),
        }
      }),
    },
  }
}

function card(n: number, hours: number, why: string, more: string[], say: string | null): Record_ {
  const dueAt = new Date(Date.now() + hours * 3_600_000).toISOString()
  const reason = (text: string, i: number) => ({ key: `r${i}`, why: text, say: i ? null : say, dueAt })
  return {
    id: id('Task', n),
    customer: people[n - 1],
    store,
    assignee: n === 4 ? null : staff,
    reasons: [why, ...more].map(reason),
    dueAt,
    state: 'OPEN',
    outcome: null,
    note: null,
    followUpAt: null,
    attempts: n === 3 ? 1 : 0,
    closedAt: null,
    version: 1,
  }
}

let people: Record_[]
let cards: Record_[]
let notes: Record_[]
let messages: Record_[]
/** Answers by operationId: a write repeated has no second effect. */
let seen: Map<string, unknown>
const TAKEN = new Map([['13812342047', id('Customer', 1)]])
const owner = (phone: unknown) => people.find((one) => one.id === TAKEN.get(String(phone)))

export function reset(): void {
  people = Array.from({ length: 70 }, (_, n) => person(n))
  cards = [
    card(
      1,
      1,
      '买完第一单 3 天了，问问用得怎么样',
      ['等级满一年，送她一份小礼', '50 元券周日到期'],
      '小满妈妈，上次拿的奶粉宝宝喝得惯吗？周末有空可以来坐坐，我给您留了小样。',
    ),
    card(2, -30, '水杯漏水，等您回话', [], '您好，水杯我已经申请换新了，您看哪天方便来拿？'),
    card(3, 3, '第一次来，谢谢她', [], '谢谢您来，有什么问题随时找我。'),
    card(4, 5, '92 天没来，问问近况', [], null),
    {
      ...card(5, 2, '买完 3 天了', [], null),
      state: 'DONE',
      outcome: 'VISIT_BOOKED',
      followUpAt: new Date(Date.now() + 2 * 86_400_000).toISOString(),
      closedAt: ago(0),
    },
  ]
  notes = []
  messages = [
    {
      id: id('InboxMessage', 1),
      kind: 'TASKS_DUE',
      title: '4 位在等您联系',
      body: '最早的一位 10:30 前',
      url: '/today',
      createdAt: ago(0.05),
      readAt: null,
    },
    {
      id: id('InboxMessage', 2),
      kind: 'TASKS_DUE',
      title: '1 位快到时间了',
      body: '小满妈妈，10:30 前',
      url: '/tasks/00000000-0000-7000-8000-000000000001',
      createdAt: ago(0.4),
      readAt: null,
    },
    {
      id: id('InboxMessage', 3),
      kind: 'TEST',
      title: '提醒通了',
      body: '快到时间才叫您',
      url: '/me',
      createdAt: ago(3),
      readAt: ago(2),
    },
  ]
  seen = new Map()
}
reset()

const unread = () => messages.filter((message) => !message.readAt).length
const me = () => ({
  staff,
  brand: { id: id('Brand', 1), name: '好孕来母婴', currency: 'CNY', timezone: 'Asia/Shanghai' },
  roles: [{ role: 'GUIDE', store: { id: store.id, name: store.name }, region: null }],
  stores: [store],
  locale: 'ZH_CN',
  pushKey: 'BHP8C0I7aC0o1v1lVqJ6bq2rXyI0G3cYwG4Zs6Jr2Yk3VbG9W3m3oFv7b6k0n0Yx2sWcQ5xkV3VvQv1b2n3m4o5',
  unread: unread(),
  sessionId: id('Session', 1),
})
const connection = (rows: unknown[], first: number, after: unknown) => {
  const from = after ? Number(after) : 0
  const page = rows.slice(from, from + first)
  const endCursor = String(from + page.length)
  return {
    edges: page.map((node) => ({ node })),
    pageInfo: { hasNextPage: from + first < rows.length, endCursor },
    unread: unread(),
    totalCount: rows.length,
  }
}
function detail(customer: Record_): Record_ {
  const entries = [
    ...notes.filter((note) => note.customer === customer.id),
    { id: 'a', kind: 'CONTACT', at: ago(10), actor: '林小雨', title: '约到店', detail: '周六上午来拿奶粉' },
    {
      id: 'b',
      kind: 'ORDER',
      at: ago(26),
      actor: null,
      title: '2 段奶粉 800g × 2，纸尿裤 M',
      detail: '¥632 · 滨江龙湖店',
    },
    { id: 'c', kind: 'PHONE_REVEALED', at: ago(30), actor: '林小雨', title: '看过号码', detail: null },
    { id: 'd', kind: 'CREATED', at: customer.createdAt, actor: '林小雨', title: '建档', detail: null },
  ]
  return {
    ...customer,
    timeline: connection(entries, 12, null),
    task: cards.find((c) => (c.customer as Record_).id === customer.id && c.state === 'OPEN') ?? null,
  }
}
const order = (n: number) => ({
  id: id('Order', n),
  kind: n === 2 ? 'REFUND' : 'SALE',
  status: 'COMPLETED',
  placedAt: ago(26 * n),
  receiptNo: `R${1000 + n}`,
  store,
  total: cny(n === 2 ? -128 : 632),
  lines: [
    { position: 1, name: '2 段奶粉 800g', sku: 'A1', quantity: '2.000', total: cny(478) },
    { position: 2, name: '纸尿裤 M', sku: 'A2', quantity: '1', total: cny(154) },
  ],
})

function write(op: string, input: Record_): Record_ {
  const ok = { userErrors: [] as unknown[] }
  const task = cards.find((one) => one.id === input.taskId)
  const customer = people.find((one) => one.id === (input.id ?? input.customerId))
  switch (op) {
    case 'RecordOutcome':
      if (task) {
        const open = input.outcome === 'LATER' || input.outcome === 'NO_ANSWER'
        Object.assign(task, {
          outcome: input.outcome,
          note: input.note ?? null,
          followUpAt: input.followUpAt ?? null,
          state: open ? 'OPEN' : 'DONE',
          later: open,
        })
      }
      return { recordOutcome: { task: null, ...ok } }
    case 'UndoOutcome':
      if (task) Object.assign(task, { outcome: null, note: null, followUpAt: null, state: 'OPEN', later: false })
      return { undoOutcome: { task: null, ...ok } }
    case 'AddNote':
      notes.unshift({
        id: btoa(`TimelineEntry:${String(input.id)}`),
        kind: 'NOTE',
        at: ago(0),
        actor: staff.name,
        title: '记了一笔',
        detail: input.text,
        customer: input.customerId,
      })
      return { addNote: { entry: null, ...ok } }
    case 'CreateCustomer': {
      const taken = owner(input.phone)
      if (taken) {
        const { id: known, name, phone } = taken
        return {
          createCustomer: {
            customer: null,
            existing: { id: known, name, phone, store },
            userErrors: [{ code: 'TAKEN', field: 'phone', message: '这个号码已经有档案了' }],
          },
        }
      }
      const made = {
        ...person(11),
        ...input,
        id: btoa(`Customer:${String(input.id)}`),
        phone: '139 •••• ' + String(input.phone).slice(-4),
        createdAt: ago(0),
        stats: { ...(person(0).stats as Record_), orderCount: 0, lastOrderAt: null, months: [] },
      }
      people.unshift(made)
      return { createCustomer: { customer: made, existing: null, ...ok } }
    }
    case 'UpdateCustomer': {
      if (customer && input.level === '钻石')
        return {
          updateCustomer: {
            customer: { id: customer.id, version: 9 },
            conflicts: [{ field: 'level', yours: '钻石', theirs: '银卡' }],
            userErrors: [{ code: 'CONFLICT', field: 'level', message: '同事也改了等级' }],
          },
        }
      const { operationId: _o, baseVersion: _b, id: _i, ...patch } = input
      Object.assign(customer ?? {}, patch)
      return { updateCustomer: { customer: customer ?? null, conflicts: [], ...ok } }
    }
    case 'MarkInboxRead':
      for (const message of messages)
        if (!input.ids || (input.ids as string[]).includes(String(message.id))) message.readAt ??= ago(0)
      return { markInboxRead: { unread: unread(), ...ok } }
    case 'RevealPhone':
      return { revealPhone: { phone: '+8613812342047', ...ok } }
    case 'SignIn':
      return input.password === 'wrong'
        ? { signIn: { me: null, userErrors: [{ code: 'SIGN_IN_FAILED', field: null, message: '手机号或密码不对' }] } }
        : { signIn: { me: me(), ...ok } }
    default:
      return { [op[0]!.toLowerCase() + op.slice(1)]: { me: { locale: input.locale }, device: null, ...ok } }
  }
}

export function answer(op: string, variables: Variables): unknown {
  if (variables.input) {
    const key = String(variables.input.operationId)
    if (!seen.has(key)) seen.set(key, write(op, variables.input))
    return seen.get(key)
  }
  const wanted = people.find((one) => one.id === variables.id)
  switch (op) {
    case 'Me':
      return { me: me() }
    case 'Today': {
      const open = cards.filter((one) => one.state === 'OPEN' && !one.later)
      return {
        today: {
          date: ago(0).slice(0, 10),
          openCount: open.length,
          open,
          done: cards.filter((one) => one.state === 'DONE'),
        },
      }
    }
    case 'TaskById':
      return { task: cards.find((one) => one.id === variables.id) ?? null }
    case 'PhoneOwner': {
      const taken = owner(variables.phone)
      return { customers: connection(taken ? [taken] : [], 1, null) }
    }
    case 'Customers': {
      const search = String(variables.search ?? '')
      const rows = people.filter(
        (one) =>
          (!variables.cell || one.cell === variables.cell) &&
          (!search || `${String(one.name)}${String(one.alias)}${String(one.phone)}`.includes(search)),
      )
      return { customers: connection(rows, Number(variables.first), variables.after) }
    }
    case 'CustomerById':
    case 'CustomerForEdit':
      return { customer: wanted ? detail(wanted) : null }
    case 'CustomerOrders':
      return { customer: { orders: connection([order(1), order(2), order(3)], 20, null) } }
    case 'CustomerTimeline':
      return { customer: { timeline: connection([], 20, null) } }
    case 'Inbox':
      return { inbox: connection(messages, 30, null) }
    case 'Sessions':
      return {
        sessions: [
          { id: id('Session', 1), device: 'Chrome · Android', createdAt: ago(3), lastSeenAt: ago(0), current: true },
          { id: id('Session', 2), device: 'Safari · iPhone', createdAt: ago(30), lastSeenAt: ago(1.2), current: false },
        ],
      }
    case 'PushDevices':
      return {
        pushDevices: [
          {
            id: id('PushDevice', 1),
            device: 'Safari · iPhone',
            createdAt: ago(20),
            lastSuccessAt: ago(1),
            failing: false,
          },
        ],
      }
    default:
      return {}
  }
}
