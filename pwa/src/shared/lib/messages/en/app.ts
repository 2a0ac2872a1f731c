/* Said all over the app */
export default {
  'app.name': 'Shuke',

  'tab.nav': 'Main',
  'tab.today': 'Today',
  'tab.customers': 'Customers',
  'tab.new': 'New',
  'tab.inbox': 'Inbox',
  'tab.me': 'Me',
  'tab.signin': 'Sign in',

  wait: 'Opening',

  lost: 'There is nothing here',

  'do.back': 'Back',
  'do.close': 'Close',
  'do.copy': 'Copy',
  'do.call': 'Call',
  'do.wechat': 'WeChat',
  'do.note': 'Note',
  'do.outcome': 'Outcome',
  'do.edit': 'Edit',
  'do.more': 'Show more',
  'do.retry': 'Try again',
  'do.save': 'Save',
  'do.undo': 'Undo',

  'sync.waiting': 'Waiting',
  'sync.badge': '{n} waiting to send',
  'sync.refused': '{n} need your eyes',
  'sync.refused|one': '1 needs your eyes',
  'sync.done': 'All sent',

  'outbox.edit': 'Edit',
  'outbox.discard': 'Discard',
  'outbox.refused': 'Not accepted; change it and send again',

  'trouble.offline': 'Not connected',
  'trouble.offline.more': 'What you saved is on this phone and goes out when connected',
  'trouble.refused': 'Something is wrong here',
  'trouble.refused.more': 'What you saved is safe; try again in a while',

  'update.waits': 'A new version is ready; finish typing first if you like',
  'update.go': 'Switch',

  'inbox.unread': '{n} unread',
  'inbox.read': 'All read',
  'inbox.new': ', unread',
  'inbox.all': 'Mark all read',
  'inbox.empty': 'No messages yet',
  'inbox.empty.more': "When somebody's day comes, you hear of it here",
}
