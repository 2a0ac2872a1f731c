/* The page of the day */
import type { FurtherMessages } from '../../i18n.ts'

const words: Record<keyof FurtherMessages['today'], string> & Record<`${string}|one`, string> = {
  'today.title': 'Today',
  'today.left': '{n} people left to contact',
  'today.left|one': '1 person left to contact',
  'today.done': "Everyone's been contacted",
  'today.nobody': 'Nobody to contact today',
  'today.pips': '{n} people today, {done} done',
  'today.old': 'Not connected; this is the list as you last saw it',
  'today.rest': 'Next',
  'today.finished': 'Contacted today',
  'today.more': '{n} more people, show some',
  'done.thanks': 'Well done, {name}',
  'done.visits': '{n} people said they will come; keep things ready',
  'done.visits|one': '1 person said she will come; keep things ready',
  'done.more': 'See you tomorrow',
  'done.nothing': 'No calls today, {name}',
  'done.nothing.more': "When somebody's day comes, she appears here",
  'task.title': 'Person to contact',
  'task.missing': 'This card is gone',
  'task.missing.more': 'A colleague may have it now, or the customer is no longer yours to see',
  'card.say': 'You could say',
  'card.wechat': 'Copy the words for WeChat',
  'card.copied': 'Copied',
  'card.wechat.find': 'Copy the name to find her in WeChat',
  'card.attempts': '{n} calls nobody answered',
  'card.attempts|one': '1 call nobody answered',
  'row.call': 'Call {name}',
  'row.again': 'No answer ({n}), again tomorrow',
}

export default words
