/* A customer's form */
import type { FurtherMessages } from '../../i18n.ts'

const words: Record<keyof FurtherMessages['form'], string> & Record<`${string}|one`, string> = {
  'form.new': 'New customer',
  'form.new.more': 'A phone number is enough; the rest can follow',
  'form.edit': 'Edit',
  'form.party': 'Add a child or who brought her',
  'form.offline': 'Saves without a connection too',
  'form.phone': 'Phone number',
  'form.phone.missing': 'A phone number is needed',
  'form.phone.short': 'A mobile number has 11 digits; from abroad, start with +',
  'form.phone.keep': 'Now {phone}; leave empty to keep it',
  'form.name': 'Name',
  'form.alias': 'What the shop calls her',
  'form.alias.hint': "Such as Xiaoman's mum",
  'form.birthday.future': "That day hasn't come yet; pick one in the past",
  'form.birthday.more': 'Lunar, or no year',
  'form.level': 'Level',
  'form.source': 'How she found us',
  'form.saved': 'Saved',
  'form.saved.offline': 'Kept on this phone, waiting to send',
}

export default words
