import { evenkeel, type Opponent } from '../opponents/index.js'
import { DataFiles } from '../workloads/data.js'
import type { Field } from '../workloads/suite.js'
import { calibrate, COMPILED_AFTER } from './calibrate.js'
import { OpponentProcess } from './opponent_process.js'
import type { Crowd } from './results.js'

/** What each process trains. */
const workload = { kind: 'train', batch: 32, width: 128 } as const

/** How long a round should take at least, in seconds, and how many steps it may take at most. */
const [ROUND_SECONDS, MOST_STEPS] = [0.3, 400]

interface Group {
  readonly opponent: Opponent
  readonly threads: number
  readonly processes: readonly OpponentProcess[]
  readonly rounds: number[]
}

/**
 * Measures how much four processes train together, beside one alone with all threads. PyTorch is also given one thread
 * for each of the four, as its documentation advises.
 */
export async function measureCrowds({ opponents, threads }: Field, rounds: number): Promise<Crowd[]> {
  const data = new DataFiles()
  const started: OpponentProcess[] = []
  const group = async (opponent: Opponent, threadsOfEach: number, count: number): Promise<Group> => {
    const processes: OpponentProcess[] = []
    for (let i = 0; i < count; i++) {
      const { process } = await OpponentProcess.start(opponent, threadsOfEach)
      started.push(process)
      processes.push(process)
      await process.prepare(workload, data.of(workload))
    }
    return { opponent, threads: threadsOfEach, processes, rounds: [] }
  }
  try {
    const groups = [await group(evenkeel, threads, 1), await group(evenkeel, threads, 4)]
    for (const opponent of opponents.filter(({ name }) => name === 'PyTorch eager')) {
      groups.push(await group(opponent, threads, 1), await group(opponent, threads, 4), await group(opponent, 1, 4))
    }
    await takeRounds(groups, rounds)
    return groups.map(({ processes, ...rest }) => ({
      ...rest,
      opponent: rest.opponent.name,
      processes: processes.length,
    }))
  } finally {
    await Promise.all(started.map((process) => process.end()))
    data.removeAll()
  }
}

async function takeRounds(groups: readonly Group[], rounds: number): Promise<void> {
  const steps: number[] = []
  for (const { processes } of groups) {
    const iterations: number[] = []
    for (const process of processes) iterations.push(await calibrate(process, workload.kind, false, COMPILED_AFTER))
    const rate = await stepsPerSecond(processes, Math.min(...iterations))
    steps.push(Math.max(10, Math.min(MOST_STEPS, Math.round((ROUND_SECONDS * rate) / processes.length))))
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, group] of groups.entries()) group.rounds.push(await stepsPerSecond(group.processes, steps[i]))
  }
}

/** All steps of all processes, from when the first one began until the last one was done. */
async function stepsPerSecond(processes: readonly OpponentProcess[], steps: number): Promise<number> {
  const turns = await Promise.all(processes.map((process) => process.turn(steps, false)))
  const begin = Math.min(...turns.map((turn) => turn.begin))
  const end = Math.max(...turns.map((turn) => turn.begin + turn.elapsed * 1000))
  return (processes.length * steps) / ((end - begin) / 1000)
}
