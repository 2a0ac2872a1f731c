/* A customer's tags with what this device has set and taken away over them. */
import type { Entry } from '@/shared/offline/db.ts'
import type { Choice, ChoiceGroup, Colour } from './operations.ts'

/** A tag that she has, as the page knows it. */
export interface Held {
  tagId: string
  name: string
  colour: Colour
  kind: Choice['kind']
  group: string
  setBy: 'STAFF' | 'IMPORT' | 'MODEL' | 'RULE'
  since: string
  staff: string | null
  score: number | null
  reasons: readonly string[]
  expiresAt: string | null
}

/** What a write carries of its tag, so that it can be shown before the server has answered. */
export function wordsOf(tag: Choice, group: ChoiceGroup): Record<string, string> {
  return { name: tag.name, colour: tag.colour, group: group.name, exclusive: group.exclusive ? 'yes' : '' }
}

export function overlaid(known: readonly Held[], entries: readonly Entry[], staff: string | null): Held[] {
  let tags = [...known]
  for (const { op, input, words, state, createdAt } of entries) {
    if (state === 'rejected' || (op !== 'TagCustomers' && op !== 'UntagCustomers')) continue
    const tagId = String(input.tagId)
    if (op === 'UntagCustomers') tags = tags.filter((one) => one.tagId !== tagId)
    else if (words && !tags.some((one) => one.tagId === tagId))
      tags = [
        ...tags.filter((one) => !words.exclusive || one.group !== words.group),
        {
          tagId,
          name: words.name ?? '',
          colour: (words.colour ?? 'SLATE') as Colour,
          kind: 'STATIC',
          group: words.group ?? '',
          setBy: 'STAFF',
          since: new Date(createdAt).toISOString(),
          staff,
          score: null,
          reasons: [],
          expiresAt: null,
        },
      ]
  }
  return tags
}
