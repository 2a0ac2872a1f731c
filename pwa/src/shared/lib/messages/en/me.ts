/* Settings and what waits to be sent: what these two pages say */
import type { FurtherMessages } from '../../i18n.ts'

const words: Record<keyof FurtherMessages['me'], string> & Record<`${string}|one`, string> = {
  'me.language': 'Language',
  'me.theme': 'Appearance',
  'me.push': 'Reminders',
  'me.devices': 'Signed-in devices',
  'me.imports': 'Import spreadsheets',
  'me.install': 'Add to home screen',
  'me.install.more': 'Opens like any app, without a connection too',
  'me.install.apple': 'Tap Share below, then "Add to Home Screen"; works without a connection too',
  'me.install.go': 'Add',
  'me.signout': 'Sign out',

  'theme.system': 'System',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'role.GUIDE': 'Guide',
  'role.ADVISOR': 'Senior advisor',
  'role.STORE_MANAGER': 'Store manager',
  'role.REGIONAL_MANAGER': 'Regional manager',
  'role.HQ': 'Head office',
  'role.ADMIN': 'Administrator',

  'signout.ask': '{n} entries are not sent and would be lost',
  'signout.ask|one': '1 entry is not sent and would be lost',
  'signout.more': 'Send them first, or save them as a file',
  'signout.look': 'Show them to me',
  'signout.anyway': 'Discard and sign out',

  'sessions.here': 'This one',
  'sessions.seen': 'Last seen {at}',
  'sessions.out': 'Sign out',
  'sessions.out.of': 'Sign out {device}',
  'sessions.gone': '{device} is signed out',

  'password.title': 'Change password',
  'password.current': 'Present password',
  'password.new': 'New password',
  'password.short': 'At least 8 characters',
  'password.both': 'Please fill this in too',
  'password.more': 'Your other devices then have to sign in with the new one',
  'password.go': 'Change it',
  'password.done': 'Password changed; your other devices are signed out',

  'online.needed': 'Not connected; this needs a connection',

  'push.here': 'Remind me on this device',
  'push.quiet': "We call only when it's nearly due, never after 9 pm",
  'push.try': 'Try it',
  'push.try.more': 'Send one to this device',
  'push.tested': 'Sent; it should arrive in a moment',
  'push.last': 'Last delivered {at}',
  'push.never': 'Nothing delivered yet',
  'push.failing': 'Not getting through; have a look at that device',
  'push.insecure':
    'Opened over plain http, where browsers allow no reminders; https mends it. The inbox works all the same',
  'push.install': 'On an iPhone, add Shuke to the home screen first, then turn reminders on',
  'push.unsupported': 'This browser cannot remind; the inbox works all the same',
  'push.denied': 'Reminders are blocked in this browser; allow them in its settings',
  'push.offline': 'Not connected; turning reminders on needs a connection',
  'push.not': 'This device cannot reach the reminder service; the inbox works all the same',

  'outbox.title': 'Waiting to send',
  'outbox.lead': '{n} entries are kept on this phone and go out by themselves',
  'outbox.lead|one': '1 entry is kept on this phone and goes out by itself',
  'outbox.lead.refused': '{n} were not accepted; see why, mend them, send again',
  'outbox.lead.refused|one': '1 was not accepted; see why, mend it, send again',
  'outbox.empty': 'Nothing is waiting',
  'outbox.send': 'Send now',
  'outbox.export': 'Save as file',
  'outbox.gone': '{n} discarded',
  'outbox.tried': 'Tried {n} times, not connected yet',
  'outbox.tried|one': 'Tried once, not connected yet',
  'outbox.parked': 'Waits for the new customer above',
  'outbox.conflict': 'A colleague changed the same thing; pick one',

  'op.RecordOutcome': 'Outcome',
  'op.UndoOutcome': 'Undo outcome',
  'op.CreateCustomer': 'New customer',
  'op.UpdateCustomer': 'Changes',
  'op.AddNote': 'Note',
  'op.MarkInboxRead': 'Messages read',
  'op.UpdateMe': 'Language',
}

export default words
