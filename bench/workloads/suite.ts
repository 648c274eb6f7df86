import { evenkeel, memory, type Opponent } from '../opponents/index.js'
import type { Contestant } from '../measure/rounds.js'
import type { Workload } from './workload.js'

/** A workload, and who does it for how long. */
export interface Suite {
  readonly title: string
  /** The section of the report that it belongs to. */
  readonly section: 'cases' | 'batches' | 'widths'
  readonly workload: Workload
  readonly contestants: readonly Contestant[]
  readonly leftOut: readonly string[]
  /** Seconds for all rounds together. */
  readonly budget: number
}

/** Who is there to be measured, and how. */
export interface Field {
  readonly opponents: readonly Opponent[]
  /** The threads of a run that uses the whole machine. */
  readonly threads: number
  readonly quick: boolean
}

/** An opponent that is too slow for some workloads, and why it is left out of them. */
export type Slowness = (opponent: Opponent) => string | undefined

export const notSlow: Slowness = () => undefined

/** The numbers of threads to measure with: all, and one. */
export function threadCounts(field: Field): number[] {
  return field.quick || field.threads === 1 ? [field.threads] : [field.threads, 1]
}

/** Everybody who can do the workload, evenkeel first, with all threads and with one where that is theirs to choose. */
export function contestantsFor(
  { kind }: Workload,
  field: Field,
  slowness: Slowness,
): { contestants: Contestant[]; leftOut: string[] } {
  const able = [evenkeel, ...field.opponents].filter(({ kinds }) => kinds.includes(kind))
  const taking = able.filter((opponent) => slowness(opponent) === undefined)
  return {
    contestants: taking.flatMap((opponent) =>
      (opponent.takesThreads ? threadCounts(field) : [field.threads]).map((threads) => ({ opponent, threads })),
    ),
    leftOut: able.flatMap((opponent) => {
      const reason = slowness(opponent)
      return reason === undefined ? [] : [`${opponent.name}: ${reason}`]
    }),
  }
}

/**
 * Those who do what a roofline is made of beside a workload, in the same rounds: all who can, since the fastest counts;
 * in a quick run, one is enough.
 */
export function besides(workload: Workload, field: Field): Contestant[] {
  const able = [evenkeel, memory, ...field.opponents].filter(
    ({ kinds, takesThreads }) => takesThreads && kinds.includes(workload.kind),
  )
  return (field.quick ? able.slice(0, 1) : able).flatMap((opponent) =>
    threadCounts(field).map((threads) => ({ opponent, threads, workload })),
  )
}
