/* A line over days, as it is drawn and as it is said. Pure: sizes are the drawing's own units. */
import type { HistoryDay } from './operations.ts'

export interface Point {
  date: string
  /** Completeness, 0 to 100. */
  value: number
}

export interface Drawing {
  line: string
  area: string
  /** Where the last one stands, in hundredths of width and height. */
  last: { left: number; top: number }
  /** The lines behind it, from above: what each stands for, and where, in hundredths of the height. */
  marks: { value: number; top: number }[]
}

export const WIDTH = 300
export const HEIGHT = 100
/** The least that is shown from below to above, so that a flat line looks flat. */
const LEAST = 10
const STEP = 5
const DAY = 86_400_000

/** The days on which there was anybody. */
export function pointsOf(days: readonly HistoryDay[]): Point[] {
  return days.flatMap(({ date, counts }) => (counts.average === null ? [] : [{ date, value: counts.average }]))
}

function scale(values: number[]): { low: number; high: number } {
  let low = Math.max(0, Math.floor((Math.min(...values) - 1) / STEP) * STEP)
  let high = Math.min(100, Math.ceil((Math.max(...values) + 1) / STEP) * STEP)
  if (high - low < LEAST) high = Math.min(100, low + LEAST)
  if (high - low < LEAST) low = Math.max(0, high - LEAST)
  return { low, high }
}

/** Null: two days are the least that make a line. */
export function drawn(points: readonly Point[]): Drawing | null {
  if (points.length < 2) return null
  const { low, high } = scale(points.map((point) => point.value))
  const first = Date.parse(points[0]!.date)
  const span = Math.max(DAY, Date.parse(points.at(-1)!.date) - first)
  const top = (value: number) => ((high - value) / (high - low)) * 100
  const places = points.map(({ date, value }) => {
    const x = ((Date.parse(date) - first) / span) * WIDTH
    return `${x.toFixed(1)},${((top(value) / 100) * HEIGHT).toFixed(1)}`
  })
  const line = `M${places.join('L')}`
  return {
    line,
    area: `${line}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`,
    last: { left: 100, top: top(points.at(-1)!.value) },
    marks: [high, (high + low) / 2, low].map((value) => ({ value, top: top(value) })),
  }
}

/** What the picture says in words. */
export function ends(points: readonly Point[]): { from: Point; to: Point; low: number; high: number } {
  const values = points.map((point) => point.value)
  return { from: points[0]!, to: points.at(-1)!, low: Math.min(...values), high: Math.max(...values) }
}

/** Of a hundred, without decimals; – where there is nothing to count. */
export const percent = (value: number | null): string => (value === null ? '–' : `${Math.round(value)}%`)
