/* Rules to begin with, for who has none yet. */
export const STARTERS = ['silent', 'weaning', 'birthday'] as const
export type Starter = (typeof STARTERS)[number]

const rules: Record<Starter, unknown> = {
  silent: {
    all: [
      { fact: 'orders.last', op: 'ago', value: 90 },
      { fact: 'orders.count', op: 'ge', value: 2 },
    ],
  },
  weaning: { all: [{ fact: 'children.age', op: 'between', value: [5, 6] }] },
  birthday: { all: [{ fact: 'customer.birthday', op: 'ahead', value: 7 }] },
}

export const isStarter = (said: unknown): said is Starter => STARTERS.includes(said as Starter)
export const ruleOf = (starter: Starter | null): unknown => (starter ? rules[starter] : { all: [] })
