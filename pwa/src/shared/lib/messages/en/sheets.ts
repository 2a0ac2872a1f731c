/* What sheets and the lower part of a customer's page say: fetched with them. */
import type { FurtherMessages } from '../../i18n.ts'
import numbers from './numbers.ts'

const words: Record<keyof FurtherMessages['sheets'], string> = {
  ...numbers,

  'buy.year': 'Last 12 months',
  'buy.gap': 'Between visits',
  'buy.days': 'days',
  'buy.ago': 'days ago',
  'buy.last': 'Last, {date}',
  'buy.chart': 'Amount per month over 12 months, most in {month}, {amount}',
  'buy.table': 'As numbers',
  'buy.month': 'Month',
  'buy.amount': 'Amount',
  'buy.refunded': '{amount} refunded, already taken off above',
  'orders.title': 'Her receipts',
  'orders.none': 'No receipts yet',
  'orders.receipt': 'Receipt {no}',
  'orders.refund': 'Refund',
  'orders.cancelled': 'Cancelled',
  'note.title': 'Note: {name}',
  'note.label': 'What to note',
  'note.empty': 'What she said, what to remember',
  'note.saved': 'Noted',
  'conflict.title': 'A colleague changed this too. Which one stays?',
  'conflict.mine': 'Yours:',
  'conflict.theirs': 'Theirs:',
  'conflict.empty': 'empty',
  'conflict.keep': 'Save it so',
  'outcome.ask': 'How did it go with {name}?',
  'outcome.group': 'Outcome',
  'outcome.when.visit': 'When is she coming',
  'outcome.when.call': 'When to call again',
  'outcome.when.other': 'Pick a day',
  'outcome.tomorrow': 'We remind you tomorrow morning',
  'outcome.third': 'Third time nobody answered: the card is closed',
  'outcome.note': 'Note',
  'outcome.note.empty': 'A few words, if you like',
  'outcome.saved': 'Saved "{outcome}"',
  'outcome.saved.offline': 'Saved "{outcome}", waiting to send',
  'outcome.next': 'Next: {name}',
  'outcome.done': 'Done',
}

export default words
