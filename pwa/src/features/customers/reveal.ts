/* A full phone number: asked for online only, kept in memory only. */
import { shallowReactive } from 'vue'
import { ask, Refused, Unreachable } from '@/shared/graphql/client.ts'
import { t } from '@/shared/lib/i18n.ts'
import { uuid7 } from '@/shared/lib/ids.ts'
import { onNews } from '@/shared/offline/changes.ts'
import { RevealPhone } from './reveal.operations.ts'

/** Numbers shown since the app was opened, by customer id. */
export const revealed = shallowReactive(new Map<string, string>())
onNews((news) => {
  if (news === 'signed-out' || news === 'rights') revealed.clear()
})

export type Revealed = { phone: string; trouble: null } | { phone: null; trouble: string }

export type Reason = 'CARD' | 'ORDER' | 'ASKED' | 'OTHER'

export async function revealPhone(customerId: string, reason: Reason, note = ''): Promise<Revealed> {
  const known = revealed.get(customerId)
  if (known) return { phone: known, trouble: null }
  try {
    const { revealPhone: answer } = await ask(RevealPhone, {
      input: { operationId: uuid7(), id: customerId, reason, ...(note ? { note } : {}) },
    })
    if (!answer.phone) return { phone: null, trouble: answer.userErrors[0]?.message ?? t('reveal.not') }
    revealed.set(customerId, answer.phone)
    return { phone: answer.phone, trouble: null }
  } catch (error) {
    if (error instanceof Unreachable) return { phone: null, trouble: t('reveal.offline') }
    return {
      phone: null,
      trouble: error instanceof Refused && error.code === '429' ? t('reveal.toomany') : t('reveal.not'),
    }
  }
}
