import type { Workload } from '../workloads/workload.js'

/** What was measured of one opponent. Times are in microseconds an iteration, one for each round. */
export interface Entry {
  readonly opponent: string
  readonly threads: number
  /** Whether the opponent was told how many threads to use. */
  readonly takesThreads: boolean
  /** That of the case, or what makes its roofline. */
  readonly workload: Workload
  readonly about: string
  readonly iterations: number
  /** The mean of each turn; of workloads whose iterations are timed one by one, the median. */
  readonly rounds: readonly number[]
  /** Where iterations are timed one by one, the 99th percentile of each turn. */
  readonly tails: readonly number[]
  /** Bytes: the most that the process has had before it began, and in the end. */
  readonly memory: { readonly before: number; readonly peak: number } | undefined
}

/** All opponents at one workload, measured alternately. */
export interface Case {
  readonly title: string
  readonly workload: Workload
  readonly entries: readonly Entry[]
  /** Who was left out, and why. */
  readonly leftOut: readonly string[]
}

/** Several processes that train at the same time, and one alone. */
export interface Crowd {
  readonly opponent: string
  readonly threads: number
  readonly processes: number
  /** Steps a second, of all processes together, one for each round. */
  readonly rounds: readonly number[]
}

/** A server that predicts, with or without training beside it. Times are in milliseconds. */
export interface Served {
  /** No training; captured steps on another thread; or steps on the thread of the server, a turn of its loop each. */
  readonly mode: 'idle' | 'captured' | 'eager'
  /** How long the event loop was held up, and how many steps were trained meanwhile. */
  readonly loop: {
    readonly p50: number
    readonly p99: number
    readonly max: number
    readonly stepsPerSecond: number
  }
  readonly requestsPerSecond: number
  readonly p50: number
  readonly p99: number
}

/** What a process holds while it trains for long. */
export interface Resident {
  readonly mode: 'eager' | 'compiled'
  /** After how many steps it was looked at, each time. */
  readonly steps: number
  readonly mebibytes: readonly number[]
}

/** Where and what was measured. */
export interface Machine {
  readonly processor: string
  readonly processors: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly commit: string
  readonly date: string
  readonly command: string
  readonly load: readonly number[]
}

/** All that a run finds out; what is reported is made of this alone. */
export interface Results {
  readonly machine: Machine
  readonly seconds: number
  readonly cases: readonly Case[]
  readonly batches: readonly Case[]
  readonly widths: readonly Case[]
  readonly crowds: readonly Crowd[]
  readonly served: readonly Served[]
  readonly resident: readonly Resident[]
  readonly notes: readonly string[]
}
