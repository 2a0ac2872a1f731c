/* Tags set and taken away at the counter: kept on this device first, sent when there is a network. */
import { write } from '@/shared/graphql/outbox.ts'
import { localId } from '@/shared/lib/ids.ts'
import { say, warn } from '@/shared/ui/toast.ts'
import { type Held, wordsOf } from './held.ts'
import { type Choice, type ChoiceGroup, TagCustomers, UntagCustomers } from './operations.ts'
import { w } from './words.ts'

export interface Whose {
  customerId: string
  name: string
}
/** A tag with what its group says of it. */
interface Meant {
  id: string
  name: string
  words: Record<string, string>
}

async function put({ customerId, name }: Whose, tag: Meant, adding: boolean): Promise<boolean> {
  const about = { entity: `Customer:${localId(customerId)}`, about: `${name} · ${tag.name}`, words: tag.words }
  const input = { tagId: tag.id, customerIds: [customerId] }
  try {
    await (adding ? write(TagCustomers, input, about) : write(UntagCustomers, input, about))
  } catch {
    warn(w('unsaved'))
    return false
  }
  return true
}

const meant = (tag: Choice, group: ChoiceGroup): Meant => ({ id: tag.id, name: tag.name, words: wordsOf(tag, group) })
const again = (one: Held, exclusive: boolean): Meant => ({
  id: one.tagId,
  name: one.name,
  words: { name: one.name, colour: one.colour, group: one.group, exclusive: exclusive ? 'yes' : '' },
})

/** Sets it, or takes it away; whatever gave way comes back with the undo. */
export async function toggle(whose: Whose, tag: Choice, group: ChoiceGroup, held: readonly Held[]): Promise<void> {
  const has = held.find((one) => one.tagId === tag.id)
  if (has) return takeAway(whose, has, group.exclusive)
  const old = group.exclusive ? held.find((one) => one.group === group.name && one.kind === 'STATIC') : undefined
  if (!(await put(whose, meant(tag, group), true))) return
  const back = () => void (old ? put(whose, again(old, true), true) : put(whose, meant(tag, group), false))
  say(old ? w('swapped', { name: tag.name, old: old.name }) : w('set', { name: tag.name }), {
    label: w('undo'),
    run: back,
  })
}

export async function takeAway(whose: Whose, one: Held, exclusive = false): Promise<void> {
  if (!(await put(whose, again(one, exclusive), false))) return
  say(w('gone', { name: one.name }), {
    label: w('undo'),
    run: () => void put(whose, again(one, exclusive), true),
  })
}
