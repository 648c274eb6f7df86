import type { Case, Entry } from '../measure/results.js'
import { flopsOfStep } from '../workloads/workload.js'
import { ratio, summarize, type Summary } from './statistics.js'

/** What there is to say about an opponent at a workload. */
export interface Figure {
  readonly entry: Entry
  /** Microseconds. */
  readonly time: Summary
  /** The 99th percentile in microseconds, where iterations were timed one by one. */
  readonly tail: Summary | undefined
  /** How many times evenkeel's time with all threads, pair by pair; absent for evenkeel itself and other workloads. */
  readonly toOurs: Summary | undefined
  /** How much of what the machine can do: the time at its rate over the time taken. */
  readonly share: number | undefined
  /** Of a training step, the time that its matrix products take alone over the time of the step. */
  readonly productsShare: number | undefined
  /** Bytes that the work has added to the process. */
  readonly memory: number | undefined
}

export function figuresOf(result: Case): Figure[] {
  const [ours] = result.entries
  return result.entries.map((entry) => ({
    entry,
    time: summarize(entry.rounds),
    tail: entry.tails.length > 0 ? summarize(entry.tails) : undefined,
    toOurs: entry === ours || entry.workload.kind !== ours.workload.kind ? undefined : ratio(entry.rounds, ours.rounds),
    share: shareOf(result, entry),
    productsShare: productsShareOf(result, entry),
    memory: entry.memory && entry.memory.peak - entry.memory.before,
  }))
}

function shareOf(result: Case, entry: Entry): number | undefined {
  const atTheRate = microsecondsAtTheRate(result, entry)
  return atTheRate === undefined ? undefined : atTheRate / summarize(entry.rounds).median
}

/** What the machine needs for what the workload cannot do without. */
function microsecondsAtTheRate({ workload, entries }: Case, entry: Entry): number | undefined {
  switch (entry.workload.kind) {
    case 'train':
    case 'products': {
      const rate = sgemmRate(entries, entry.threads)
      if (rate === undefined || !('batch' in workload)) return undefined
      return flopsOfStep(workload.batch, workload.width) / rate / 1e3
    }
    case 'layerNormForward':
      return fastestCopy(entries)
    case 'layerNormBackward': {
      // It reads dy and x and writes dx: three arrays, where a copy moves two.
      const copy = fastestCopy(entries)
      return copy === undefined ? undefined : 1.5 * copy
    }
    default:
      return undefined
  }
}

/** The GFLOP/s of the fastest product of large matrices with that many threads. */
export function sgemmRate(entries: readonly Entry[], threads: number): number | undefined {
  const rates = entries.flatMap(({ workload, threads: count, rounds }) =>
    workload.kind === 'sgemm' && count === threads ? [(2 * workload.size ** 3) / summarize(rounds).median / 1e3] : [],
  )
  return rates.length > 0 ? Math.max(...rates) : undefined
}

function fastestCopy(entries: readonly Entry[]): number | undefined {
  const medians = entries
    .filter(({ workload }) => workload.kind === 'copy')
    .map(({ rounds }) => summarize(rounds).median)
  return medians.length > 0 ? Math.min(...medians) : undefined
}

function productsShareOf({ entries }: Case, entry: Entry): number | undefined {
  const alone = entries.find(({ workload, threads }) => workload.kind === 'products' && threads === entry.threads)
  if (alone === undefined || entry.workload.kind !== 'train' || entry.opponent !== alone.opponent) return undefined
  return ratio(alone.rounds, entry.rounds).median
}
