/* The day, its cards and their outcomes */
export default {
  'date.today': 'today',
  'date.tomorrow': 'tomorrow',
  'date.yesterday': 'yesterday',

  'due.by': 'by {time}',
  'due.days': '{n} days late',
  'due.days|one': '1 day late',
  'due.hours': '{n} h late',
  'due.minutes': '{n} min late',
  'due.just': 'just now due',

  'task.handled': 'Outcome saved, open to change it',
  'task.expired': 'Expired, nobody called',
  'task.today': 'Back to today',

  'card.wechat.copied': 'Copied; paste it in WeChat',
  'card.wechat.name': 'Name copied; find her in WeChat',
  'card.copy.not': 'Copying does not work here; hold the text to select it',
  'card.wechatonly': 'WeChat only',
  'card.pool': "Anyone's",

  'outcome.REACHED': 'Reached',
  'outcome.VISIT_BOOKED': 'Visit booked',
  'outcome.NO_ANSWER': 'No answer',
  'outcome.LATER': 'Call later',
  'outcome.REFUSED': 'Refused',
  'outcome.WRONG_PERSON': 'Wrong person',
  'outcome.undone': 'Taken back',
  'outcome.unsaved': 'This phone is full and could not save it; make room and try again',

  'followup.hour': 'In an hour {time}',
}
