import type { Kind, Workload } from '../workloads/workload.js'
import type { Reader } from './reader.js'

/** A workload that an opponent is ready to do, again and again. */
export interface Job {
  /** What it computed from the given data: by these numbers opponents are compared before they are timed. */
  readonly proof: readonly number[]
  /** Goes back to the given data, before every turn. Not timed. */
  readonly begin?: () => void
  /** Does the work once, or starts it. */
  readonly once: () => void
  /** Waits for all the work that has been started. */
  readonly finish?: () => void | Promise<void>
}

/** Makes a job of a workload and its data. */
export type Prepare<K extends Kind> = (
  workload: Extract<Workload, { kind: K }>,
  data: Reader,
  threads: number,
) => Job | Promise<Job>

/** A library written in JavaScript or for it, with the workloads it can do. */
export interface Library {
  /** Its versions and settings, for the report. */
  readonly about: string
  readonly prepare: { readonly [K in Kind]?: Prepare<K> }
}

/** How many steps of training opponents are compared by. */
export const PROOF_STEPS = 3

/** How many elements at the beginning of an array opponents are compared by. */
export const PROOF_ELEMENTS = 8
