import type { Kind } from '../workloads/workload.js'

/** How long the timed part of a turn should take, in seconds: long beside what the clock and the start of it cost. */
const TURN_SECONDS = 0.06

/**
 * The most iterations of a turn. Training starts anew with every turn, long before Adam's averages get denormal; the
 * iterations that are timed one by one are all sent to the main process.
 */
const mostIterations: Readonly<Record<Kind, number>> = {
  train: 400,
  predict: 5000,
  layerNormForward: 1e6,
  layerNormBackward: 1e6,
  products: 1e6,
  copy: 1e6,
  sgemm: 1e6,
}

/** How many turns a median is of, at least and at most. */
const [FEWEST_ROUNDS, MOST_ROUNDS] = [3, 31]

/** How many iterations make a turn, if one takes so many seconds. */
export function iterationsFor(kind: Kind, seconds: number): number {
  return Math.max(1, Math.min(mostIterations[kind], Math.round(TURN_SECONDS / seconds)))
}

/**
 * How many rounds each opponent takes part in, given the seconds of one turn of each and of all together. Each may use
 * an equal share; what the slow ones leave over goes to the faster ones. Where the fewest rounds of a slow one take more
 * than its share, that is not at the cost of the others.
 */
export function planRounds(turnSeconds: readonly number[], budget: number): number[] {
  const slowestFirst = turnSeconds.map((_, i) => i).sort((i, j) => turnSeconds[j] - turnSeconds[i])
  const rounds = turnSeconds.map(() => 0)
  let left = budget
  slowestFirst.forEach((i, position) => {
    const share = Math.max(budget / turnSeconds.length, left / (turnSeconds.length - position))
    rounds[i] = Math.max(FEWEST_ROUNDS, Math.min(MOST_ROUNDS, Math.floor(share / turnSeconds[i])))
    left -= rounds[i] * turnSeconds[i]
  })
  return rounds
}
