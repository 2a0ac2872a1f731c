/* Paper cards: photographed here, queued on the server, typed in when there is time. */
import { computed, type ComputedRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { write } from '@/shared/graphql/outbox.ts'
import { homeStore } from '@/shared/graphql/session.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import { locale, t } from '@/shared/lib/i18n.ts'
import { globalId, localId, uuid7 } from '@/shared/lib/ids.ts'
import { DiscardPaperCard, FinishPaperCard, type Paper, PaperCards, type Queue } from './paper.operations.ts'

const LONGEST = 1600 // px: a card is read well, and its photo is small
const QUALITY = 0.82

export interface Shot {
  id: string
  photo: Blob
}

/** A photo as it is sent: not larger than can be read, drawn anew, so that nothing of where it was taken goes along. */
export async function shot(file: Blob): Promise<Shot> {
  const image = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  const photo = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!photo) throw new Error(t('paper.offline'))
  return { id: uuid7(), photo }
}

/** Sends it; the same again is the same card. Rejects with a sentence for the person. */
export async function send({ id, photo }: Shot): Promise<void> {
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'x-card-id': id,
    'accept-language': locale.value,
  }
  if (homeStore.value) headers['x-store-id'] = homeStore.value.id
  const answer = await fetch('/paper-cards', { method: 'POST', body: photo, headers }).catch(() => null)
  if (!answer) throw new Error(t('trouble.offline'))
  if (answer.status === 201) return
  const told = (await answer.json().catch(() => null)) as { errors?: { message: string }[] } | null
  throw new Error(told?.errors?.[0]?.message ?? String(answer.status))
}

const entityOf = (id: string): string => `PaperCard:${localId(id)}`

/** Behind the write that makes her, so that she is there when the card becomes hers. */
export async function finish(card: Paper, customer: string, name: string): Promise<void> {
  const input = { id: card.id, customerId: globalId('Customer', localId(customer)) }
  await write(FinishPaperCard, input, { entity: `Customer:${localId(customer)}`, about: name })
}

export async function discard(card: Paper, keep = false): Promise<void> {
  await write(DiscardPaperCard, { id: card.id, keep }, { entity: entityOf(card.id), about: t('paper.queue') })
}

export function useQueue(): Live<Queue> & { cards: ComputedRef<Paper[]> } {
  const live = useSnapshot<Queue>(
    () => 'paper',
    async () => (await ask(PaperCards, {})).paperCards,
  )
  const cards = computed(() => {
    const gone = new Set<string>()
    for (const { op, input, state } of live.layOver.value) {
      if (state === 'rejected') continue
      if (op === 'FinishPaperCard' || (op === 'DiscardPaperCard' && !input.keep)) gone.add(String(input.id))
      if (op === 'DiscardPaperCard' && input.keep) gone.delete(String(input.id))
    }
    return (live.base.value?.edges ?? []).map((edge) => edge.node).filter((card) => !gone.has(card.id))
  })
  return { ...live, cards }
}
