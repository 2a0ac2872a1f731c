/* A hand-written stand-in for the server: answers /graphql by operation name and remembers what it was asked. */
import { vi } from 'vitest'

export interface Asked {
  op: string
  input: Record<string, unknown>
  variables: Record<string, unknown>
}

type Answer = { status?: number; json?: unknown; headers?: Record<string, string> } | 'down' | 'lost'

export class FakeServer {
  readonly asked: Asked[] = []
  /** Operations that took effect, once per operationId. */
  readonly applied = new Map<string, Asked>()
  private rules: ((asked: Asked) => Answer | undefined)[] = []

  constructor() {
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => this.answer(init))
  }

  /** `rule` decides before the ones added earlier; undefined passes on. */
  when(rule: (asked: Asked) => Answer | undefined): void {
    this.rules.unshift(rule)
  }

  reset(): void {
    this.rules = []
  }

  private async answer(init: RequestInit): Promise<Response> {
    const body = JSON.parse(String(init.body)) as { operationName: string; variables: Record<string, unknown> }
    const input = (body.variables.input ?? {}) as Record<string, unknown>
    const asked = { op: body.operationName, input, variables: body.variables }
    this.asked.push(asked)
    await Promise.resolve()
    const answer = this.rules.map((rule) => rule(asked)).find((found) => found !== undefined)
    if (answer === 'down') throw new TypeError('network')
    if (answer === 'lost') {
      this.apply(asked)
      throw new TypeError('network')
    }
    if (answer) {
      return new Response(JSON.stringify(answer.json ?? {}), {
        status: answer.status ?? 200,
        ...(answer.headers ? { headers: answer.headers } : {}),
      })
    }
    this.apply(asked)
    const field = asked.op[0]!.toLowerCase() + asked.op.slice(1)
    return new Response(JSON.stringify({ data: { [field]: { userErrors: [] } } }))
  }

  private apply(asked: Asked): void {
    if (!this.applied.has(String(asked.input.operationId))) this.applied.set(String(asked.input.operationId), asked)
  }
}

export function refusal(op: string, code: string, more: Record<string, unknown> = {}): Answer {
  return { json: { data: { [op]: { userErrors: [{ code, field: null, message: code }], ...more } } } }
}
