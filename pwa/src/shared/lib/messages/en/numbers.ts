/* Numbers, families that use one, stores that share */
import type zh from '../zh/numbers.ts'

const words: Record<keyof typeof zh, string> & Record<`${string}|one`, string> = {
  'numbers.title': 'Numbers',
  'numbers.add': 'Add one',
  'numbers.new': 'Add a number',
  'numbers.kind': 'What it is',
  'numbers.none': 'No number yet: add one to reach her',
  'numbers.shown': 'Shown',
  'numbers.too': 'Also used by {role}:',
  'numbers.through': 'through {name}',
  'numbers.show': 'Show this one from now on',
  'numbers.alone': '{name} uses it no more',
  'numbers.disown': 'The number is not hers any more',
  'numbers.disown.more':
    'It goes from her and her family, and its new owner can be entered. Adding it again undoes that',
  'numbers.remove': 'Remove',
  'numbers.saved': 'Saved',
  'numbers.saved.offline': 'Kept on this phone, to be sent',

  'kind.PHONE': 'Phone',
  'kind.WECHAT': 'WeChat',
  'kind.MEMBER_NO': 'Member no.',
  'kind.CARD': 'Card',
  'kind.EMAIL': 'E-mail',

  'role.MOTHER': 'Mother',
  'role.FATHER': 'Father',
  'role.GRANDMOTHER': 'Grandmother',
  'role.GRANDFATHER': 'Grandfather',
  'role.NANNY': 'Nanny',
  'role.OTHER': 'Other family',

  'exists.here': 'This number is on file at {store}',
  'exists.elsewhere': 'This number is on file at {store}; ask the manager there to share',
  'exists.open': 'Open her',

  'taken.ask': 'Who is this?',
  'taken.same': 'The same person',
  'taken.with': 'The same person, add {who}',
  'taken.children': '{n} children',
  'taken.children|one': 'her child',
  'taken.referrer': 'who brought her',
  'taken.and': ' and ',
  'taken.family': 'Family, same number',
  'taken.over': 'The number changed hands',
  'taken.role': 'In the family, the new customer is',

  'share.title': 'Shared',
  'share.ask': 'Ask to share',
  'share.ask.with': 'Ask to share, and add {who}',
  'share.asked.with': 'Asked. Once the other store agrees, {who} will be added too',
  'share.asked': 'Asked. You get a message when the other store answers',
  'share.end': 'Stop sharing',
  'share.wanted': '{store} asks to share this customer',
  'share.means':
    'They can then see her card, call her and record outcomes. She stays yours, and you can end it any time',
  'share.accept': 'Share her',
  'share.decline': 'Do not share',
  'share.accepted': 'Shared',
  'share.declined': 'Not shared',
  'share.gone': 'This request is gone, or not yours to answer',
}

export default words
