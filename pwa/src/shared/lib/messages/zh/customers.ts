/* 客户、建档、她的页面 */
export default {
  'customers.search': '名字、拼音、手机后四位、会员号',
  'customers.whose': '谁的客户',
  'customers.mine': '我的',
  'customers.store': '全店',
  'customers.shared': '共享',
  'customers.cell': '按分群看',
  'customers.all': '全部',
  'customers.last': '上次 {date}',
  'customers.never': '还没买过',
  'customers.local': '没连上，只在看过的里找',
  'customers.none': '这里还没有客户',
  'customers.none.more': '建好第一位，购买和来往都记在一起',
  'customers.none.search': '没找到',
  'customers.none.search.more': '换个写法，或者给她建个档',
  'customers.pick': '点一位客户，在这里打开',

  'customer.missing': '这位客户您看不了',

  'person.unknown': '没留名字',
  'person.member': '会员 {no}',
  'person.guide': '归 {name}',
  'person.through': '通过 {name}',
  'person.nophone': '没留手机号',

  'reveal.show': '显示',
  'reveal.offline': '没连上，看号码要有网',
  'reveal.toomany': '看得太多了，过会儿再来',
  'reveal.not': '这个号码现在看不了',

  'timeline.note': '记了一笔',

  'facts.title': '资料',

  'form.required': '必填',
  'form.birthday': '生日',
  'form.note': '备注',
  'form.gender': '性别',

  'gender.FEMALE': '女',
  'gender.MALE': '男',
  'gender.UNKNOWN': '先不填',

  'source.WALK_IN': '路过',
  'source.REFERRAL': '老客介绍',
  'source.ONLINE': '网上',
  'source.EVENT': '活动',
  'source.IMPORT': '导入',
  'source.OTHER': '别的',

  'cell.HHH': '高价值',
  'cell.HLH': '潜力',
  'cell.LHH': '待唤醒',
  'cell.LLH': '重点挽留',
  'cell.HHL': '常来',
  'cell.HLL': '新近',
  'cell.LHL': '渐远',
  'cell.LLL': '一般挽留',
}
