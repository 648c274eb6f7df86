import { median, quantile } from 'simple-statistics'

/** The middle of some figures, and the quartiles on both sides of it. */
export interface Summary {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function summarize(figures: readonly number[]): Summary {
  const values = [...figures]
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

/** How many times the first ones are the second ones, pair by pair: figures of the same round are compared. */
export function ratio(ones: readonly number[], others: readonly number[]): Summary {
  const pairs = Math.min(ones.length, others.length)
  return summarize(Array.from({ length: pairs }, (_, i) => ones[i] / others[i]))
}
