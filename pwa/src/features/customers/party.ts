/* Who comes with a new customer: her children, and who brought her. Pure. */
import { uuid7 } from '@/shared/lib/ids.ts'
import type { Own } from './profile/own.ts'

export interface NewChild {
  /** Made here: the same again is the same child. */
  id: string
  name: string
  gender: 'FEMALE' | 'MALE' | 'UNKNOWN'
  kind: 'born' | 'due'
  day: string
  /** What was typed into head office's fields about children. */
  own: Own | null
  /** Its day is none that can be. */
  wrong: boolean
}

export interface Party {
  children: NewChild[]
  /** A customer's global id, and what she is called. */
  referrer: { id: string; name: string } | null
}

export const newChild = (): NewChild => ({
  ...{ id: uuid7(), name: '', gender: 'UNKNOWN', kind: 'born', day: '', own: null, wrong: false },
})

/** Nothing was said of it, so it is not sent. */
export const blank = ({ name, day, own }: NewChild): boolean => !name.trim() && !day && !own?.values.length

/** Something is left to mend in what was said. */
export const unfit = (party: Party): boolean =>
  party.children.some((child) => !blank(child) && (child.wrong || !child.day || child.own?.fits === false))

/** What is sent of it with the new customer. */
export function sentParty(party: Party | undefined): { children?: SentChild[]; referrerId?: string } {
  const children = (party?.children ?? []).filter((child) => !blank(child)).map(sentChild)
  const referrer = party?.referrer
  return {
    ...(children.length ? { children } : {}),
    ...(referrer ? { referrerId: referrer.id } : {}),
  }
}

function sentChild({ id, name, gender, kind, day, own }: NewChild): SentChild {
  return {
    id,
    name: name.trim() || null,
    gender,
    ...(kind === 'born' ? { bornOn: day } : { dueOn: day }),
    ...(own?.values.length ? { values: own.values } : {}),
  }
}

interface SentChild extends Pick<NewChild, 'id' | 'gender'> {
  name: string | null
  bornOn?: string
  dueOn?: string
  values?: Own['values']
}

/** The party of a write that waits on this device; undefined: none came along. `called`: the referrer's name. */
export function partyOf(input: Record<string, unknown>, called: string | undefined): Party | undefined {
  const sent = (input.children as SentChild[] | undefined) ?? []
  if (!sent.length && !input.referrerId) return undefined
  const children = sent.map(({ id, name, gender, bornOn, dueOn, values = [] }) => ({
    ...{ ...newChild(), id, name: name ?? '', gender, day: bornOn ?? dueOn ?? '' },
    kind: bornOn ? ('born' as const) : ('due' as const),
    own: values.length ? { values, version: null, words: {}, secret: [], fits: true } : null,
  }))
  return { children, referrer: input.referrerId ? { id: String(input.referrerId), name: called ?? '' } : null }
}
