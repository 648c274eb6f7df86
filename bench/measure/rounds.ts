import { setTimeout as sleep } from 'node:timers/promises'
import { median, quantile } from 'simple-statistics'
import type { Opponent } from '../opponents/index.js'
import { DataFiles } from '../workloads/data.js'
import type { Workload } from '../workloads/workload.js'
import { checkAgreement } from './agree.js'
import { calibrate, COMPILED_AFTER } from './calibrate.js'
import { OpponentProcess } from './opponent_process.js'
import { planRounds } from './plan.js'
import type { Turn } from './protocol.js'
import type { Entry } from './results.js'

/** Milliseconds between two turns: threads that spin for a while after their work have gone to sleep by then. */
const PAUSE = 10

/** The most of a case's budget that calibrating one contestant may take, beyond it. */
const CALIBRATION_SHARE = 1 / 12

/** Somebody who takes part in the rounds of a case. */
export interface Contestant {
  readonly opponent: Opponent
  readonly threads: number
  /** What they do, if it is not the workload of the case. */
  readonly workload?: Workload
}

interface Ready extends Required<Contestant> {
  readonly process: OpponentProcess
  readonly about: string
  readonly before: number | undefined
}

interface Measured extends Ready {
  readonly iterations: number
  readonly turns: Turn[]
}

/**
 * Measures all contestants alternately, round by round, within a budget of seconds, and in no more than `mostRounds`.
 * The first one's results are what the others' are compared with.
 */
export async function measure(
  workload: Workload,
  contestants: readonly Contestant[],
  budget: number,
  mostRounds?: number,
): Promise<Entry[]> {
  const data = new DataFiles()
  const started: OpponentProcess[] = []
  try {
    const ready = await prepareAll(workload, contestants, data, started)
    const each = workload.kind === 'predict'
    const measured: Measured[] = []
    for (const one of ready) {
      const seconds = Math.min(COMPILED_AFTER, budget * CALIBRATION_SHARE)
      const iterations = await calibrate(one.process, one.workload.kind, each, seconds)
      measured.push({ ...one, iterations, turns: [] })
    }
    await takeRounds(measured, each, budget, mostRounds)
    return measured.map(entryOf)
  } finally {
    await Promise.all(started.map((process) => process.end()))
    data.removeAll()
  }
}

async function prepareAll(
  workload: Workload,
  contestants: readonly Contestant[],
  data: DataFiles,
  started: OpponentProcess[],
): Promise<Ready[]> {
  const prepare = async (contestant: Contestant) => {
    const { opponent, threads, workload: own = workload } = contestant
    const { process, about } = await OpponentProcess.start(opponent, threads)
    started.push(process)
    const before = process.peakMemory()
    const { proof } = await process.prepare(own, data.of(own))
    return { ...contestant, process, about, before, workload: own, proof }
  }
  const ready = await Promise.all(contestants.map(prepare))
  const [{ proof: expected }] = ready
  for (const { opponent, workload: own, proof } of ready) {
    if (own === workload) checkAgreement(opponent.name, own.kind, proof, expected)
  }
  return ready
}

async function takeRounds(
  measured: readonly Measured[],
  each: boolean,
  budget: number,
  mostRounds = Infinity,
): Promise<void> {
  const takeTurn = async ({ process, iterations, turns }: Measured) => {
    const begin = performance.now()
    turns.push(await process.turn(iterations, each))
    await sleep(PAUSE)
    return (performance.now() - begin) / 1000
  }
  const seconds: number[] = []
  for (const one of measured) seconds.push(await takeTurn(one))
  const rounds = planRounds(seconds, budget).map((count) => Math.min(count, mostRounds))
  for (let round = 1; round < Math.max(...rounds); round++) {
    for (const [i, one] of measured.entries()) if (round < rounds[i]) await takeTurn(one)
  }
}

function entryOf({ opponent, threads, workload, about, iterations, turns, process, before }: Measured): Entry {
  const peak = process.peakMemory()
  const microseconds = ({ elapsed, latencies }: Turn) =>
    (latencies.length > 0 ? median([...latencies]) : elapsed / iterations) * 1e6
  return {
    opponent: opponent.name,
    threads,
    takesThreads: opponent.takesThreads,
    workload,
    about,
    iterations,
    rounds: turns.map(microseconds),
    tails: turns.flatMap(({ latencies }) => (latencies.length > 0 ? [quantile([...latencies], 0.99) * 1e6] : [])),
    memory: before === undefined || peak === undefined ? undefined : { before, peak },
  }
}
