/* 整个应用都说的 */
export default {
  'app.name': '熟客',

  'tab.nav': '主导航',
  'tab.today': '今日',
  'tab.customers': '客户',
  'tab.new': '新客户',
  'tab.inbox': '消息',
  'tab.me': '我的',
  'tab.signin': '登录',

  wait: '正在打开',

  lost: '这里没有东西',

  'do.back': '返回',
  'do.close': '关上',
  'do.copy': '复制',
  'do.call': '打电话',
  'do.wechat': '微信',
  'do.note': '记一笔',
  'do.outcome': '记结果',
  'do.edit': '编辑',
  'do.more': '再看一些',
  'do.retry': '再试',
  'do.save': '存好',
  'do.undo': '撤销',

  'sync.waiting': '待同步',
  'sync.badge': '{n} 条待同步',
  'sync.refused': '{n} 条要您看看',
  'sync.done': '都发出了',

  'outbox.title': '待同步',
  'outbox.lead': '{n} 条记在手机里，有网自己发出去',
  'outbox.lead.refused': '{n} 条没收下，看看原因，改好再发',
  'outbox.empty': '没有等着发出的',
  'outbox.edit': '改一改',
  'outbox.discard': '不要了',
  'outbox.send': '现在发',
  'outbox.export': '存成文件',
  'outbox.gone': '丢掉了 {n} 条',
  'outbox.tried': '试过 {n} 次，还没连上',
  'outbox.parked': '等前面那条建档先解决',
  'outbox.refused': '没收下，改一改再发',
  'outbox.conflict': '同事也改了同一项，挑一个留下',

  'op.RecordOutcome': '联系结果',
  'op.UndoOutcome': '撤销结果',
  'op.CreateCustomer': '新客户',
  'op.UpdateCustomer': '改资料',
  'op.AddNote': '记一笔',
  'op.MarkInboxRead': '消息已读',
  'op.UpdateMe': '语言',

  'trouble.offline': '没连上',
  'trouble.offline.more': '记下的都在手机里，连上就发',
  'trouble.refused': '这里出了点问题',
  'trouble.refused.more': '记下的都还在，过会儿再试',

  'update.waits': '有新版本，写完再换也行',
  'update.go': '换上',
}
