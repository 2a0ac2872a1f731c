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

/** A link that somebody at the counter made and that can still be shown; not one of whoever scanned a store's code.
    `order`: of the receipt that it is for, `once`: for one use or for many; left out: either. */
export const showable = (links: readonly Link[], order: string | null = null, once?: boolean): Link | null =>
  links.find(
    (link) =>
      link.open &&
      !link.usedAt &&
      link.staff &&
      (link.orderId ?? null) === order &&
      (once === undefined || link.singleUse === once),
  ) ?? null

export interface Showing {
  link: ComputedRef<Link | null>
  trouble: Ref<'offline' | 'refused' | null>
  busy: Ref<boolean>
  /** It is over once she has finished. */
  once: Ref<boolean>
  /** The other kind: one that is open, else a new one. */
  turn: () => Promise<void>
  make: () => Promise<void>
  stop: () => Promise<boolean>
}

/** The code on the screen: one that is open, else a new one. */
export function useShowing(whose: Whose): Showing {
  const order = 'customerId' in whose ? (whose.orderId ?? null) : null
  const of = 'customerId' in whose ? { customerId: whose.customerId } : whose
  const once = ref(order !== null)
  const chosen = ref<string | null>(null)
  const links = shallowRef<readonly Link[]>([])
  const link = computed(() => links.value.find((one) => one.id === chosen.value) ?? null)
  const trouble = ref<'offline' | 'refused' | null>(null)
  const { busy, act } = useActing()
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function read(): Promise<void> {
    clearTimeout(timer)
    links.value = (await ask(LinksQuery, of)).customerLinks
    if (!gone) timer = setTimeout(() => void read().catch(() => (timer = setTimeout(() => void read(), POLL))), POLL)
  }
  async function create(singleUse: boolean): Promise<boolean> {
    const made = await act(CreateLink, { ...whose, ...('storeId' in whose ? {} : { singleUse }) })
    if (!made?.link) return false
    links.value = [made.link, ...links.value]
    chosen.value = made.link.id
    return true
  }
  async function make(): Promise<void> {
    trouble.value = null
    if (!(await create(once.value))) trouble.value = 'refused'
  }
  async function turn(): Promise<void> {
    const wanted = !once.value
    const known = showable(links.value, order, wanted)
    if (known) chosen.value = known.id
    else if (!(await create(wanted))) return
    once.value = wanted
  }
  async function begin(): Promise<void> {
    try {
      await read()
    } catch (error) {
      trouble.value = error instanceof Unreachable ? 'offline' : 'refused'
      return
    }
    const known = showable(links.value, order, once.value) ?? showable(links.value, order)
    if (!known) return make()
    chosen.value = known.id
    once.value = known.singleUse
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
  return { link, trouble, busy, once, turn, make: () => (links.value.length || chosen.value ? make() : begin()), stop }
}
