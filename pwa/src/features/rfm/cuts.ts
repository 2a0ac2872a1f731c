/* A cut as it is typed ("90", "median", "q0.8") and as a screen asks for it; and what a configuration says. */
import type { Config, ConfigAnswer } from './operations.ts'

export type Dimension = 'r' | 'f' | 'm'
export type Way = 'number' | 'median' | 'score'
export const DIMENSIONS: readonly Dimension[] = ['r', 'f', 'm']
export const SCORES = [2, 3, 4, 5] as const

export interface CutDraft {
  way: Way
  /** What is typed, where it is a number. */
  number: string
  /** From 2 to 5; null: a part of the customers that is no fifth. */
  score: number | null
  /** The part, as the server says it, where it is no fifth. */
  other: string
}

const PLAIN: Record<Dimension, string> = { r: '90', f: '2', m: '1000' }

/** The best so many per cent that a score stands for. */
export const bestOf = (score: number): number => (6 - score) * 20

/** The part below a cut from which this dimension is high, of 0 to 1, is `share` of the best in hundredths. */
export function shareOf(dimension: Dimension, quantile: string): number {
  const part = Number(quantile.slice(1))
  return Math.round((dimension === 'r' ? part : 1 - part) * 100)
}

export function readCut(dimension: Dimension, text: string): CutDraft {
  const empty = { number: PLAIN[dimension], score: 4, other: '' }
  if (text === 'median') return { ...empty, way: 'median' }
  if (!text.startsWith('q')) return { ...empty, way: 'number', number: text }
  const score = SCORES.find((one) => bestOf(one) === shareOf(dimension, text)) ?? null
  return { ...empty, way: 'score', score, other: text }
}

export function writeCut(draft: CutDraft): string {
  if (draft.way === 'median') return 'median'
  if (draft.way === 'score') return draft.score ? `s${draft.score}` : draft.other
  return draft.number.trim()
}

/** The configuration that stands, as an edit begins with it. */
export function standing(answer: ConfigAnswer['rfmConfig']): Config {
  const { r, f, m, refunds, windowDays, zero, visitMinutes, band } = answer
  const { categories, withoutCategories, withoutSources, withoutLevels } = answer
  const lists = { categories, withoutCategories, withoutSources, withoutLevels }
  return { r, f, m, refunds, windowDays, ...lists, zero, visitMinutes, band }
}

/** 内部，批发 → ['内部', '批发'] */
export function listed(text: string): string[] {
  const words = text.split(/[,，、;；\n]/).map((word) => word.trim())
  return [...new Set(words.filter(Boolean))]
}

/** Without what is not a whole number above zero: null. */
export function wholeOrNull(text: string): number | null {
  const number = Number(text)
  return text.trim() && Number.isInteger(number) && number > 0 ? number : null
}
