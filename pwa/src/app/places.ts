/* The places of the bar. Managers' own join when they are here. */
import { shallowRef } from 'vue'
import type { MessageKey } from '@/shared/lib/i18n.ts'
import type { IconName } from '@/shared/ui/icons.ts'

export interface Place {
  name: string
  to: string
  icon?: IconName
  drawing?: string
}

export const places = shallowRef<Place[]>([
  { name: 'today', to: '/today', icon: 'today' },
  { name: 'customers', to: '/customers', icon: 'customers' },
  { name: 'new', to: '/customers/new', icon: 'plus' },
  { name: 'inbox', to: '/inbox', icon: 'inbox' },
  { name: 'me', to: '/me', icon: 'me' },
])

/** Where managers' work is done that is not daily; told with what only they load. */
export interface DeskLink {
  to: string
  word: MessageKey
  icon: { name: IconName } | { drawing: string }
  /** Head office's alone. */
  office?: boolean
}
export const deskLinks = shallowRef<readonly DeskLink[]>([])
