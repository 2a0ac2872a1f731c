import { t, tEnum } from '@/shared/lib/i18n.ts'
import type { Came } from './save.ts'

/** 到店，买了 */
export function cameWord({ kind, channel, bought }: Came): string {
  if (kind === 'INQUIRY') return tEnum('visit.asked', channel)
  return bought === null ? t('visit.came') : t(bought ? 'visit.bought' : 'visit.left')
}
