/* 今日、卡片、结果 */
export default {
  'date.today': '今天',
  'date.tomorrow': '明天',
  'date.yesterday': '昨天',

  'due.by': '{time} 前',
  'due.days': '迟 {n} 天',
  'due.hours': '迟 {n} 小时',
  'due.minutes': '迟 {n} 分钟',
  'due.just': '刚过时间',

  'today.title': '今日',
  'today.left': '还有 {n} 位要联系',
  'today.done': '今天的都联系好了',
  'today.nobody': '今天没有要联系的人',
  'today.pips': '今天 {n} 位，已完成 {done} 位',
  'today.old': '没连上，这是上次看到的名单',
  'today.rest': '接下来',
  'today.finished': '今天联系过的',
  'today.more': '还有 {n} 位，再看一些',

  'done.thanks': '辛苦了，{name}',
  'done.visits': '有 {n} 位说好要来，记得备货',
  'done.more': '明天见',
  'done.nothing': '{name}，今天不用打电话',
  'done.nothing.more': '有人到日子了，会出现在这里',

  'task.title': '要联系的人',
  'task.handled': '已记结果，点开可以改',
  'task.expired': '过期了，没人联系',
  'task.missing': '这张卡已经不在了',
  'task.missing.more': '可能转给了同事',
  'task.today': '回到今日',

  'card.say': '可以这样说',
  'card.wechat': '复制这句话去发微信',
  'card.copied': '复制好了',
  'card.wechat.copied': '复制好了，去微信粘贴',
  'card.wechat.find': '复制名字去微信里找她',
  'card.wechat.name': '名字复制好了，去微信找她',
  'card.copy.not': '复制不了，按住文字自己选吧',
  'card.attempts': '打过 {n} 次没人接',
  'card.pool': '门店公共',

  'row.call': '打给{name}',
  'row.again': '未接 {n} 次，明天再打',

  'outcome.REACHED': '接通',
  'outcome.VISIT_BOOKED': '约到店',
  'outcome.NO_ANSWER': '未接',
  'outcome.LATER': '晚点再打',
  'outcome.REFUSED': '拒绝',
  'outcome.WRONG_PERSON': '不是本人',
  'outcome.undone': '已撤销',
  'outcome.unsaved': '手机存不下了，没记上，清一清空间再试',

  'followup.hour': '一小时后 {time}',
}
