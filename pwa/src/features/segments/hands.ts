/* What every part of the rule builder needs of the whole: given from above, so that groups can lie in groups. */
import { inject, type InjectionKey, type Ref } from 'vue'
import type { Dragging } from '@/shared/ui/dragging.ts'
import type { Fact } from './operations.ts'
import type { Condition, Group } from './tree.ts'

export interface Hands {
  root: Readonly<Ref<Group>>
  facts: Readonly<Ref<ReadonlyMap<string, Fact>>>
  /** How many customers fit a condition by itself. */
  counts: Readonly<Ref<ReadonlyMap<string, number>>>
  /** What the server says of an item. */
  troubles: Readonly<Ref<ReadonlyMap<string, string>>>
  dragging: Dragging
  change: (id: string, change: Partial<Condition> | Partial<Group>) => void
  remove: (id: string) => void
  step: (id: string, by: 1 | -1) => void
  addGroup: (groupId: string) => void
  /** Opens a sheet about an item: its fact (of a group: of a new condition), its choices, what else can be done. */
  pick: (id: string) => void
  choose: (id: string, arg?: string) => void
  more: (id: string) => void
}

export const HANDS: InjectionKey<Hands> = Symbol('hands')
export const useHands = (): Hands => inject(HANDS)!
