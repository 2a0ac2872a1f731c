/* One way to ask the server. Reads and what cannot wait go through here; writes go through the outbox. */
import { locale } from '../lib/i18n.ts'
import type { DocumentText, TadaDocumentNode } from './tada.ts'

/** The server could not be reached, or answered with something that is not ours. */
export class Unreachable extends Error {}

/** Nobody is signed in (any more). */
export class SignInNeeded extends Error {}

/** The server refused the request as a whole. `code` is its own, or the HTTP status. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

interface Answer<T> {
  data?: T | null
  errors?: { message: string; extensions?: { code?: string } }[]
}

const TIMEOUT = 15_000
const SIGN_IN = 'SIGN_IN_NEEDED'

/** The codes of a mutation's refusals; none for a query. */
function refusals(data: unknown): string[] {
  const payload = Object.values((data ?? {}) as Record<string, unknown>)[0] as {
    userErrors?: { code: string }[]
  } | null
  return payload?.userErrors?.map((refusal) => refusal.code) ?? []
}

export async function ask<Result, Variables>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { name, text } = document as unknown as DocumentText
  let response: Response
  let answer: Answer<Result>
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'accept-language': locale.value,
      },
      body: JSON.stringify({ query: text, operationName: name, variables }),
      signal: AbortSignal.timeout(TIMEOUT),
    })
  } catch {
    throw new Unreachable()
  }
  if (response.status === 401) throw new SignInNeeded()
  try {
    answer = (await response.json()) as Answer<Result>
  } catch {
    throw new Unreachable()
  }
  const error = answer.errors?.[0]
  if (error?.extensions?.code === SIGN_IN || refusals(answer.data).includes(SIGN_IN)) throw new SignInNeeded()
  if (error || !answer.data) throw new Refused(error?.extensions?.code ?? String(response.status), error?.message ?? '')
  return answer.data
}
