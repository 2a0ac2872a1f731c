/* Paper cards: photographed here, queued on the server, typed in when there is time. */
import { computed, type ComputedRef } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { refused, waiting, write } from '@/shared/graphql/outbox.ts'
import { homeStore } from '@/shared/graphql/session.ts'
import { type Live, useSnapshot } from '@/shared/graphql/snapshot.ts'
import type { TadaDocumentNode } from '@/shared/graphql/tada.ts'
import { t } from '@/shared/lib/i18n.ts'
import { globalId, localId, uuid7 } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import { DiscardPaperCard, FinishPaperCard, type Paper, PaperCards, type Queue } from './paper.operations.ts'

const LONGEST = 1600 // px: a card is read well, and its photo is small
const QUALITIES = [0.82, 0.6, 0.4]
/** What the server takes. */
const MOST_BYTES = 2 << 20
/** Photos wait on a phone that has other work too. */
const MOST_WAITING = 40
const TAKEN = 'TakePaperCard'
/** A write without a document: the photo goes to a door of its own. */
const Upload = { name: TAKEN, text: '' } as unknown as TadaDocumentNode<unknown, { input: { id: string } }>

/** A photo as it is sent: not larger than can be read, drawn anew, so that nothing of where it was taken goes along.
    Rejects with a sentence for the person. */
export async function shot(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file).catch(() => null)
  if (!image) throw new Error(t('paper.unreadable'))
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  for (const quality of QUALITIES) {
    const photo = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (photo && photo.size <= MOST_BYTES) return photo
  }
  throw new Error(t('paper.unreadable'))
}

/** Photos of this device that the server does not have, refused ones too. */
export const waitingPhotos = computed(() => [...waiting.value, ...refused.value].filter(({ op }) => op === TAKEN))

/** Keeps it on this device, from where it goes to the server as soon as that can be reached: once, as it is known by the
    id that is made here. Rejects with a sentence for the person. */
export async function keep(photo: Blob): Promise<Entry> {
  if (waitingPhotos.value.length >= MOST_WAITING) throw new Error(t('paper.many', { n: MOST_WAITING }))
  const id = uuid7()
  const store = homeStore.value ? { 'x-store-id': homeStore.value.id } : undefined
  const headers = { 'content-type': 'application/octet-stream', 'x-card-id': id, ...store }
  const about = {
    entity: entityOf(id),
    about: t('paper.photo'),
    upload: { path: '/paper-cards', headers, body: photo },
  }
  try {
    return await write(Upload, { id }, about)
  } catch {
    throw new Error(t('paper.full')) // the device has no room
  }
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
