import type { Kind } from '../workloads/workload.js'
import type { OpponentProcess } from './opponent_process.js'
import { iterationsFor } from './plan.js'

/** How many turns, each calibrated by the one before, come before those that count, at most. */
const CALIBRATIONS = 50

/**
 * Seconds after which just-in-time compilers are done. V8 takes more than a second to compile all that an eager step
 * runs through.
 */
export const COMPILED_AFTER = 2

/**
 * Runs turns of what a process prepared, until they took so many seconds.
 *
 * @param each whether iterations are timed one by one
 * @returns how many iterations make a turn
 */
export async function calibrate(process: OpponentProcess, kind: Kind, each: boolean, seconds: number): Promise<number> {
  let iterations = 1
  let total = 0
  for (let i = 0; i < CALIBRATIONS && total < seconds; i++) {
    const { elapsed } = await process.turn(iterations, each)
    iterations = Math.min(iterationsFor(kind, elapsed / iterations), 20 * iterations)
    total += elapsed
  }
  return iterations
}
