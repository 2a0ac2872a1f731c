/* Customers, their form and their page */
export default {
  'customers.search': 'Name, pinyin, last 4 digits, member no.',
  'customers.whose': 'Whose customers',
  'customers.mine': 'Mine',
  'customers.store': 'Whole store',
  'customers.shared': 'Shared',
  'customers.cell': 'By group',
  'customers.all': 'All',
  'customers.last': 'last {date}',
  'customers.never': 'has not bought yet',
  'customers.local': 'Not connected; searching only what this phone has seen',
  'customers.none': 'No customers here yet',
  'customers.none.more': 'Add the first one; what she buys and says is kept together',
  'customers.none.search': 'Nobody found',
  'customers.none.search.more': 'Try another spelling, or add her',
  'customers.pick': 'Open a customer and see her here',

  'customer.missing': 'This customer is not among those you can see',

  'person.unknown': 'No name',
  'person.member': 'Member {no}',
  'person.guide': "{name}'s",
  'person.through': 'through {name}',
  'person.nophone': 'No phone number',

  'reveal.show': 'Show',
  'reveal.offline': 'Not connected; showing a number needs a connection',
  'reveal.toomany': 'Too many numbers shown; come back in a while',
  'reveal.not': 'This number cannot be shown now',

  'timeline.note': 'Note',

  'facts.title': 'Facts',

  'form.required': 'required',
  'form.birthday': 'Birthday',
  'form.note': 'Note',
  'form.gender': 'Gender',

  'gender.FEMALE': 'Female',
  'gender.MALE': 'Male',
  'gender.UNKNOWN': 'Leave open',

  'source.WALK_IN': 'Walked in',
  'source.REFERRAL': 'A friend',
  'source.ONLINE': 'Online',
  'source.EVENT': 'Event',
  'source.IMPORT': 'Import',
  'source.OTHER': 'Other',

  'cell.HHH': 'Best',
  'cell.HLH': 'Promising',
  'cell.LHH': 'Wake up',
  'cell.LLH': 'Win back',
  'cell.HHL': 'Regular',
  'cell.HLL': 'New',
  'cell.LHL': 'Drifting',
  'cell.LLL': 'Quiet',
}
