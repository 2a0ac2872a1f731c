/* Her language is kept with the server too: reminders are written there. */
import { write } from '@/shared/graphql/outbox.ts'
import { staffId } from '@/shared/graphql/session.ts'
import { type Locale, t } from '@/shared/lib/i18n.ts'
import { UpdateMe } from './operations.ts'

export async function keepLocale(to: Locale): Promise<void> {
  if (!staffId.value) return
  await write(UpdateMe, { locale: to === 'en' ? 'EN' : 'ZH_CN' }, { entity: 'Me', about: t('me.language') })
}
