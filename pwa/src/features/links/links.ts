/* A customer's links to fill in, or a store's code: asked for anew while the code is being shown. */
import { computed, type ComputedRef, onScopeDispose, ref, type Ref, shallowRef } from 'vue'
import { ask, Unreachable } from '@/shared/graphql/client.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { say } from '@/shared/ui/toast.ts'
import { CreateLink, type Link, LinksQuery, RevokeLink, type Whose } from './operations.ts'
import { w } from './words.ts'

export const POLL = 4000

/** What waits for a colleague, link by link. */
export const waiting = (links: readonly Link[]): Link[] =>
  links.filter((link) => link.answers.some((answer) => answer.state === 'WAITING'))

/** A link that somebody at the counter made and that can still be shown; not one of whoever scanned a store's code. */
export const showable = (links: readonly Link[]): Link | null =>
  links.find((link) => link.open && !link.usedAt && link.staff) ?? null

export interface Showing {
  link: ComputedRef<Link | null>
  trouble: Ref<'offline' | 'refused' | null>
  busy: Ref<boolean>
  make: () => Promise<void>
  stop: () => Promise<boolean>
}

/** The code on the screen: one that is open, else a new one. */
export function useShowing(whose: Whose): Showing {
  const chosen = ref<string | null>(null)
  const links = shallowRef<readonly Link[]>([])
  const link = computed(() => links.value.find((one) => one.id === chosen.value) ?? null)
  const trouble = ref<'offline' | 'refused' | null>(null)
  const { busy, act } = useActing()
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function read(): Promise<void> {
    clearTimeout(timer)
    links.value = (await ask(LinksQuery, whose)).customerLinks
    if (!gone) timer = setTimeout(() => void read().catch(() => (timer = setTimeout(() => void read(), POLL))), POLL)
  }
  async function make(): Promise<void> {
    trouble.value = null
    const made = await act(CreateLink, whose)
    if (!made?.link) return void (trouble.value = 'refused')
    links.value = [made.link, ...links.value]
    chosen.value = made.link.id
  }
  async function begin(): Promise<void> {
    try {
      await read()
    } catch (error) {
      trouble.value = error instanceof Unreachable ? 'offline' : 'refused'
      return
    }
    chosen.value = showable(links.value)?.id ?? null
    if (!chosen.value) await make()
  }
  async function stop(): Promise<boolean> {
    const done = link.value && (await act(RevokeLink, { id: link.value.id }))
    if (done) say(w('stopped'))
    return !!done
  }
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  void begin()
  return { link, trouble, busy, make: () => (links.value.length || chosen.value ? make() : begin()), stop }
}
