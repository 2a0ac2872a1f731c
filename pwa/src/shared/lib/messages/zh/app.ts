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

  'outbox.edit': '改一改',
  'outbox.discard': '不要了',
  'outbox.refused': '没收下，改一改再发',

  'trouble.offline': '没连上',
  'trouble.offline.more': '记下的都在手机里，连上就发',
  'trouble.refused': '这里出了点问题',
  'trouble.refused.more': '记下的都还在，过会儿再试',

  'update.waits': '有新版本，写完再换也行',
  'update.go': '换上',

  'inbox.unread': '{n} 条未读',
  'inbox.read': '都看过了',
  'inbox.new': '，未读',
  'inbox.all': '全部已读',
  'inbox.empty': '还没有消息',
  'inbox.empty.more': '有人到日子该联系了，会在这里叫您',
}
