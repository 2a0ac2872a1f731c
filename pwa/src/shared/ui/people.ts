/* A customer's name as a sentence can use it. */
import { t } from '../lib/i18n.ts'

export interface Named {
  name: string | null
  alias?: string | null
  memberNo?: string | null
}

/** Her name; a customer known by number only is called by it. */
export function personName(person: Named): string {
  return (
    person.name || person.alias || (person.memberNo ? t('person.member', { no: person.memberNo }) : t('person.unknown'))
  )
}

/** What the shop calls her (小满妈妈), else her name. */
export function shopName(person: Named): string {
  return person.alias || personName(person)
}
