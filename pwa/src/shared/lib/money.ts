/* Money as the server sends it: an integer in minor units beside its currency. */
import { locale } from './i18n.ts'

export interface Money {
  minor: string
  currency: string
}

const formats = new Map<string, Intl.NumberFormat>()

/** Formats are dear to make, and few. `digits`: as many decimals; without it, the currency's own. */
function format(currency: string, digits?: number): Intl.NumberFormat {
  const key = [locale.value, currency, digits].join()
  let found = formats.get(key)
  if (!found) {
    const decimals = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }
    found = new Intl.NumberFormat(locale.value, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...decimals,
    })
    formats.set(key, found)
  }
  return found
}

/** ¥, before what is typed in this currency. */
export function signOf(currency: string): string {
  return (
    format(currency)
      .formatToParts(0)
      .find((part) => part.type === 'currency')?.value ?? currency
  )
}

/** ¥6,842 or ¥6,842.50; whole amounts without decimals. */
export function money(value: Money): string {
  const digits = format(value.currency).resolvedOptions().maximumFractionDigits ?? 2
  const amount = Number(value.minor) / 10 ** digits
  return format(value.currency, Number.isInteger(amount) ? 0 : digits).format(amount)
}

/** Without cents, which nobody reads of a thousand people's money. */
export function wholeMoney({ minor, currency }: Money): string {
  const digits = format(currency).resolvedOptions().maximumFractionDigits ?? 2
  return format(currency, 0).format(Math.round(Number(minor) / 10 ** digits))
}
