/* A calibration plot: what was said against what came, as it is drawn and as it is said. Pure. */
import type { Report } from './operations.ts'

export interface Dot {
  /** Hundredths of width and height, from the left and from above. */
  left: number
  top: number
  /** Diameter in px: its area is its number of customers. */
  size: number
}

const LARGEST = 18
const SMALLEST = 7

export const percent = (part: number): number => Math.round(part * 100)

export function dots(bins: Report['bins']): Dot[] {
  const most = Math.max(1, ...bins.map((bin) => bin.customers))
  return bins.map(({ said, came, customers }) => ({
    left: said * 100,
    top: (1 - came) * 100,
    size: Math.max(SMALLEST, Math.sqrt(customers / most) * LARGEST),
  }))
}

/** The line through them, in a square of 100. */
export function line(bins: Report['bins']): string {
  return `M${dots(bins)
    .map(({ left, top }) => `${left.toFixed(1)},${top.toFixed(1)}`)
    .join('L')}`
}

/** The part whose chance is nearest to one that people can imagine: three in ten. */
export function example(bins: Report['bins']): Report['bins'][number] | null {
  return bins.reduce<Report['bins'][number] | null>(
    (best, bin) => (best && Math.abs(best.said - 0.3) <= Math.abs(bin.said - 0.3) ? best : bin),
    null,
  )
}
