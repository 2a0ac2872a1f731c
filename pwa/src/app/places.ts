/* The places of the bar. Managers' own join when they are here. */
import { shallowRef } from 'vue'
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
