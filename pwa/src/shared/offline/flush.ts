/* Sends the outbox: one flusher at a time on this device, in order, each write until the server has said something
   final about it. Runs in pages and in the service worker. */
import { announce } from './changes.ts'
import { db, type Entry, type Reason } from './db.ts'
import { claim, entriesOf, setEntry, settled } from './outbox.ts'

/** `done`: nothing left that could be sent now. `later`: try again after a while. `sign-in`: nobody is signed in. */
export interface Result {
  state: 'done' | 'later' | 'sign-in'
  sent: number
  /** The server's own wish, ms. */
  retryAfter?: number
}

type Verdict =
  | { kind: 'sent'; answer?: Record<string, unknown> }
  | { kind: 'rejected'; reasons: Reason[]; answer?: Record<string, unknown> }
  | { kind: 'later'; answered: boolean; alone?: boolean; retryAfter?: number; unsent?: boolean }
  | { kind: 'sign-in' }

interface GraphQLAnswer {
  data?: Record<string, ({ userErrors?: Reason[]; conflicts?: unknown[] } & Record<string, unknown>) | null> | null
  errors?: { message: string; extensions?: { code?: string } }[]
}

const LOCK = 'shuke-outbox'
/** A connection that neither answers nor breaks is as good as none. */
const TIMEOUT = 20_000
/** After so many answers of "server trouble" a write holds up its own entity only. */
const PATIENCE = 5
const SIGN_IN = 'SIGN_IN_NEEDED'
const TOO_MANY = 'TOO_MANY'
/** Codes the guide cannot mend; the server means "come again". */
const TEMPORARY = new Set(['INTERNAL', 'UNAVAILABLE', TOO_MANY])

/** One at a time over all tabs and the worker; without Web Locks (old browsers) at least one at a time here. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const { locks } = globalThis.navigator as { locks?: LockManager }
  if (locks) return (await locks.request(LOCK, work)) as T
  const turn = queue.then(work, work)
  queue = turn.catch(() => undefined)
  return turn
}
let queue: Promise<unknown> = Promise.resolve()

/** Who is signed in on this device, by id; written under the lock so nobody's writes go out under another's name. */
export async function signedInStaff(): Promise<string | null> {
  return ((await (await db()).get('meta', 'staff')) as string | undefined) ?? null
}

export function flush(): Promise<Result> {
  return exclusively(async () => {
    const staff = await signedInStaff()
    if (!staff) return { state: 'done', sent: 0 }
    const result: Result = { state: 'done', sent: 0 }
    const stuck = new Set<string>()
    // Again until a whole pass finds nothing: writes made meanwhile are sent too.
    for (;;) {
      const entry = next(await entriesOf(staff), stuck)
      if (!entry) return result
      const claimed = await claim(entry.id)
      if (!claimed) continue
      const verdict = await decide(claimed)
      await settle(claimed, verdict)
      if (verdict.kind === 'sent') result.sent += 1
      if (verdict.kind === 'sign-in') return { ...result, state: 'sign-in' }
      if (verdict.kind === 'later') {
        result.state = 'later'
        if (verdict.retryAfter) result.retryAfter = verdict.retryAfter
        if (!verdict.alone && (!verdict.answered || claimed.attempts < PATIENCE)) return result
        stuck.add(entry.entity)
      }
    }
  })
}

/** The oldest write that may go now: not behind a refused "create" of its entity, not behind one that is stuck, not of
    an entity that has one held back. */
export function next(entries: readonly Entry[], stuck: ReadonlySet<string> = new Set()): Entry | undefined {
  const parked = new Set(
    entries.filter((e) => e.hold! > Date.now() || (e.creates && e.state === 'rejected')).map((e) => e.entity),
  )
  return entries.find(
    (e) => (e.state === 'pending' || e.state === 'sending') && !parked.has(e.entity) && !stuck.has(e.entity),
  )
}

async function settle(entry: Entry, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'sent')
    await setEntry(entry.id, {
      ...settled(entry, Date.now()),
      ...(entry.keep && { answer: { [entry.keep]: verdict.answer?.[entry.keep] } }),
    })
  else if (verdict.kind === 'rejected')
    await setEntry(entry.id, {
      state: 'rejected',
      reasons: verdict.reasons,
      ...(verdict.answer ? { answer: verdict.answer } : {}),
    })
  else
    await setEntry(entry.id, {
      state: 'pending',
      ...(verdict.kind === 'later' && verdict.unsent ? { attempts: entry.attempts - 1 } : {}),
    })
  announce(verdict.kind === 'sent' ? 'sent' : verdict.kind === 'sign-in' ? 'sign-in-needed' : 'outbox')
}

/** Sends it, unless its time is over or the write it builds on never took. */
async function decide(entry: Entry): Promise<Verdict> {
  if (entry.until && entry.until < Date.now()) return { kind: 'rejected', reasons: [{ code: 'EXPIRED', message: '' }] }
  if (!entry.after) return send(entry)
  const known = (await (await db()).get('outbox', entry.after))?.answer?.[entry.keep ?? '']
  // Nothing was done, so nothing is to be taken back.
  return known ? send({ ...entry, input: { ...entry.input, [entry.keep!]: known } }) : { kind: 'sent' }
}

/** The device says that it has no network at all; it may be wrong about having one. */
const offline = (): boolean => (globalThis.navigator as { onLine?: boolean }).onLine === false

async function send(entry: Entry): Promise<Verdict> {
  // Airplane mode during a request says nothing about where it had got to.
  const before = offline()
  let response: Response
  let answer: GraphQLAnswer
  const { upload } = entry
  try {
    response = await fetch(upload?.path ?? '/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'accept-language': entry.locale,
        ...upload?.headers,
      },
      body:
        upload?.body ??
        JSON.stringify({
          query: entry.document,
          operationName: entry.op,
          variables: { input: { ...entry.input, operationId: entry.id } },
        }),
      signal: AbortSignal.timeout(upload ? TIMEOUT * 6 : TIMEOUT),
    })
  } catch {
    // Without any network from the start the request never left; else its answer may be what was lost.
    return { kind: 'later', answered: false, ...(before && offline() ? { unsent: true } : {}) }
  }
  if (response.status === 401) return { kind: 'sign-in' }
  const busy = response.status >= 500 || [403, 408, 429].includes(response.status)
  if (busy) return { kind: 'later', answered: response.status >= 500, ...wish(response) }
  if (upload && response.ok) return { kind: 'sent' }
  try {
    answer = (await response.json()) as GraphQLAnswer
  } catch {
    // A page that is not ours (a café's sign-in page) or a torn answer: nothing is known, ask again.
    return { kind: 'later', answered: false }
  }
  return judge(answer, entry.until !== undefined)
}

function wish(response: Response): { retryAfter?: number } {
  const seconds = Number(response.headers.get('retry-after'))
  return seconds > 0 ? { retryAfter: seconds * 1000 } : {}
}

/** What an answer means for the write. Only "sent" and "rejected" are final. `brief`: it is not worth sending later. */
export function judge(answer: GraphQLAnswer, brief = false): Verdict {
  const payload = Object.values(answer?.data ?? {})[0]
  if (!payload) {
    const error = answer?.errors?.[0]
    if (!error) return { kind: 'later', answered: true }
    const code = error.extensions?.code ?? ''
    if (code === SIGN_IN) return { kind: 'sign-in' }
    if (TEMPORARY.has(code)) return { kind: 'later', answered: true }
    return { kind: 'rejected', reasons: [{ code: code || 'UNKNOWN', message: error.message }] }
  }
  const reasons = payload.userErrors ?? []
  if (reasons.some((reason) => reason.code === SIGN_IN)) return { kind: 'sign-in' }
  const code = reasons.find((reason) => TEMPORARY.has(reason.code))?.code
  // Too many of one thing (numbers shown, nudges) says nothing about other writes.
  if (code && !(brief && code === TOO_MANY)) return { kind: 'later', answered: true, alone: code === TOO_MANY }
  if (payload.conflicts?.length && !reasons.length)
    return { kind: 'rejected', reasons: [{ code: 'CONFLICT', message: '' }], answer: payload }
  return reasons.length ? { kind: 'rejected', reasons, answer: payload } : { kind: 'sent', answer: payload }
}
