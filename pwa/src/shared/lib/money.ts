/* Money as the server sends it: an integer in minor units beside its currency. */
import { locale } from './i18n.ts'

export interface Money {
  minor: string
  currency: string
}

/** ¥6,842 or ¥6,842.50; whole amounts without decimals. */
export function money(value: Money): string {
  const options = { style: 'currency', currency: value.currency, currencyDisplay: 'narrowSymbol' } as const
  const digits = new Intl.NumberFormat(locale.value, options).resolvedOptions().maximumFractionDigits ?? 2
  const amount = Number(value.minor) / 10 ** digits
  const shown = Number.isInteger(amount) ? 0 : digits
  return new Intl.NumberFormat(locale.value, {
    ...options,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(amount)
}
