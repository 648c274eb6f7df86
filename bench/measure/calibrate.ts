import type { Kind } from '../workloads/workload.js'
import type { OpponentProcess } from './opponent_process.js'
import { iterationsFor } from './plan.js'

/** How many turns, calibrated by those before, come before those that count, at least and at most. */
const [FEWEST_CALIBRATIONS, MOST_CALIBRATIONS] = [3, 50]

/**
 * Seconds after which just-in-time compilers are done. V8 takes more than a second to compile all that an eager step
 * runs through.
 */
export const COMPILED_AFTER = 2

/**
 * Runs turns of what a process prepared, until they took so many seconds. The fastest counts: a turn that something held
 * up, as the first one is, would otherwise make all others of too few iterations, which are slower.
 *
 * @param each whether iterations are timed one by one
 * @returns how many iterations make a turn
 */
export async function calibrate(
  process: Pick<OpponentProcess, 'turn'>,
  kind: Kind,
  each: boolean,
  seconds: number,
): Promise<number> {
  let iterations = 1
  let total = 0
  let fastest = Infinity
  for (let i = 0; i < FEWEST_CALIBRATIONS || (i < MOST_CALIBRATIONS && total < seconds); i++) {
    const { elapsed } = await process.turn(iterations, each)
    fastest = Math.min(fastest, elapsed / iterations)
    iterations = Math.min(iterationsFor(kind, fastest), 20 * iterations)
    total += elapsed
  }
  return iterations
}
