/* Names by id, learnt from whatever the board has shown: a pane may be about somebody who is not in the table. */
import { shallowReactive } from 'vue'

interface Named {
  id: string
  name: string
}
const names = shallowReactive(new Map<string, string>())

export function learn(...found: readonly (Named | null | undefined)[]): void {
  for (const one of found) if (one?.name) names.set(one.id, one.name)
}

export const nameFor = (id: string | null | undefined): string => names.get(id ?? '') ?? ''
