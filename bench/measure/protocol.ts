import type { Workload } from '../workloads/workload.js'

/** What an opponent's process reads from its standard input: one JSON object a line. It answers each with one. */
export type Request =
  | { readonly ask: 'prepare'; readonly workload: Workload; readonly data: string }
  | { readonly ask: 'turn'; readonly iterations: number; readonly each: boolean }

/** The first line of an opponent's process: it has loaded what it needs. */
export interface Ready {
  readonly about: string
}

/** The answer to `prepare`. */
export interface Prepared {
  readonly proof: readonly number[]
}

/** The answer to `turn`, timed by the opponent itself. */
export interface Turn {
  /** When the timed part began, in milliseconds since 1970. */
  readonly begin: number
  /** What it took, in seconds. */
  readonly elapsed: number
  /** With `each`, what each iteration took, in seconds. */
  readonly latencies: readonly number[]
}

/** The answer to anything that failed. */
export interface Failed {
  readonly error: string
}
