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

  'task.handled': '已记结果，点开可以改',
  'task.expired': '过期了，没人联系',
  'task.today': '回到今日',

  'card.wechat.copied': '复制好了，去微信粘贴',
  'card.wechat.name': '名字复制好了，去微信找她',
  'card.copy.not': '复制不了，按住文字自己选吧',
  'card.wechatonly': '只能微信',
  'card.pool': '门店公共',

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
