import type { Case, Crowd, Results } from '../measure/results.js'
import type { Workload } from '../workloads/workload.js'
import { type Figure, figuresOf } from './figures.js'
import { ratio } from './statistics.js'

/** One of the project's goals, and what this run says about it. */
export interface Goal {
  readonly goal: string
  readonly target: string
  /** Absent where the run has not measured it. */
  readonly actual: number | undefined
  readonly unit: 'times' | 'percent' | 'microseconds' | 'milliseconds'
  readonly reached: boolean | undefined
}

type Actual = (results: Results) => number | undefined

const atLeast = (goal: string, target: number, unit: 'times' | 'percent', actual: Actual) => (results: Results) => {
  const value = actual(results)
  const shown = unit === 'percent' ? `>= ${target * 100} %` : `>= ${target}`
  return { goal, target: shown, actual: value, unit, reached: value === undefined ? undefined : value >= target }
}

const atMost = (goal: string, target: number, actual: Actual) => (results: Results) => {
  const value = actual(results)
  const reached = value === undefined ? undefined : value <= target
  return { goal, target: `<= ${target} us`, actual: value, unit: 'microseconds' as const, reached }
}

const milliseconds = (goal: string, target: number, actual: Actual) => (results: Results) => {
  const value = actual(results)
  const reached = value === undefined ? undefined : value <= target
  return { goal, target: `<= ${target} ms`, actual: value, unit: 'milliseconds' as const, reached }
}

const training = (size: string, batch: number, width: number, goals: Readonly<Record<string, number>>) => {
  const workload = { kind: 'train', batch, width } as const
  return [
    atLeast(`JAX jit / ours, ${size}`, goals.jax, 'times', smallestRatio(workload, ['JAX jit'])),
    atLeast(`best of PyTorch / ours, ${size}`, goals.pytorch, 'times', smallestRatio(workload, pytorch)),
  ]
}

const pytorch = ['PyTorch eager', 'PyTorch compile']
const small = { kind: 'train', batch: 32, width: 128 } as const
const middle = { kind: 'train', batch: 256, width: 512 } as const
const large = { kind: 'train', batch: 1024, width: 2048 } as const
const row = { kind: 'predict', width: 128 } as const
const forward = (rows: number, cols: number) => ({ kind: 'layerNormForward', rows, cols }) as const
const backward = (rows: number, cols: number) => ({ kind: 'layerNormBackward', rows, cols }) as const

const goals: readonly ((results: Results) => Goal)[] = [
  ...training('(32, 128)', 32, 128, { jax: 2.3, pytorch: 5 }),
  ...training('(256, 512)', 256, 512, { jax: 1.2, pytorch: 1.4 }),
  ...training('(1024, 2048)', 1024, 2048, { jax: 1.1, pytorch: 1.25 }),
  atLeast('share of the sgemm roofline, (32, 128), one thread', 0.7, 'percent', ourShare(small, 1)),
  atLeast('share of the sgemm roofline, (256, 512)', 0.85, 'percent', ourShare(middle)),
  atLeast('share of the sgemm roofline, (1024, 2048)', 0.93, 'percent', ourShare(large)),
  atLeast('PyTorch / ours, LayerNorm forward [32, 128]', 3, 'times', smallestRatio(forward(32, 128), pytorch)),
  atLeast('PyTorch / ours, LayerNorm backward [32, 128]', 3, 'times', smallestRatio(backward(32, 128), pytorch)),
  atLeast('PyTorch / ours, LayerNorm forward [4096, 768]', 2, 'times', smallestRatio(forward(4096, 768), pytorch)),
  atLeast('PyTorch / ours, LayerNorm backward [4096, 768]', 2.5, 'times', smallestRatio(backward(4096, 768), pytorch)),
  ...[forward(4096, 768), forward(8192, 4096)].map((workload) =>
    atLeast(`share of a copy, LayerNorm forward ${shapeOf(workload)}`, 0.6, 'percent', ourShare(workload)),
  ),
  ...[backward(4096, 768), backward(8192, 4096)].map((workload) =>
    atLeast(`share of a copy, LayerNorm backward ${shapeOf(workload)}`, 0.45, 'percent', ourShare(workload)),
  ),
  atMost('prediction of one row, p50', 15, timeOf('evenkeel', row)),
  atMost('prediction of one row with compile, p50', 15, timeOf('evenkeel, compiled', row)),
  ...([small, middle, large] as const).map((workload) =>
    atLeast(
      `ours / compiled, (${workload.batch}, ${workload.width})`,
      1,
      'times',
      inverse(smallestRatio(workload, ['evenkeel, compiled'])),
    ),
  ),
  milliseconds(
    'event loop delay while training off-thread, p99',
    5,
    ({ served }) => served.find(({ mode }) => mode === 'captured')?.loop.p99,
  ),
  atLeast('four processes together / one, (32, 128)', 0.9, 'times', ofCrowd),
  atLeast('tfjs-cpu / our TypeScript kernels, (32, 128)', 10, 'times', tfjsToTypeScript),
  atLeast('jax-js / ours, (32, 128)', 20, 'times', smallestRatio(small, ['jax-js wasm'])),
  atLeast('jax-js / ours, (256, 512)', 8, 'times', smallestRatio(middle, ['jax-js wasm'])),
]

/** Every goal, in the order of the project's table. */
export function judge(results: Results): Goal[] {
  return goals.map((goal) => goal(results))
}

function shapeOf({ rows, cols }: { rows: number; cols: number }): string {
  return `[${rows}, ${cols}]`
}

function figuresAt(results: Results, wanted: Workload): Figure[] {
  const key = JSON.stringify(wanted)
  const found: Case | undefined = results.cases.find(({ workload }) => JSON.stringify(workload) === key)
  return found === undefined ? [] : figuresOf(found)
}

/** Of the opponents, with whatever number of threads, the one that comes closest to us with all threads. */
function smallestRatio(workload: Workload, opponents: readonly string[]): Actual {
  return (results) => {
    const ratios = figuresAt(results, workload).flatMap(({ entry, toOurs }) =>
      opponents.includes(entry.opponent) && entry.workload.kind === workload.kind && toOurs ? [toOurs.median] : [],
    )
    return ratios.length > 0 ? Math.min(...ratios) : undefined
  }
}

function ours(results: Results, workload: Workload, threads?: number, opponent = 'evenkeel'): Figure | undefined {
  return figuresAt(results, workload).find(
    ({ entry }) =>
      entry.opponent === opponent &&
      entry.workload.kind === workload.kind &&
      entry.threads === (threads ?? results.machine.processors),
  )
}

function timeOf(opponent: string, workload: Workload): Actual {
  return (results) => ours(results, workload, undefined, opponent)?.time.median
}

function inverse(actual: Actual): Actual {
  return (results) => {
    const value = actual(results)
    return value === undefined ? undefined : 1 / value
  }
}

function ourShare(workload: Workload, threads?: number): Actual {
  return (results) => ours(results, workload, threads)?.share
}

function ofCrowd({ crowds }: Results): number | undefined {
  const [one, four]: (Crowd | undefined)[] = crowds.filter(({ opponent }) => opponent === 'evenkeel')
  return one === undefined || four === undefined ? undefined : ratio(four.rounds, one.rounds).median
}

function tfjsToTypeScript(results: Results): number | undefined {
  const figures = figuresAt(results, small)
  const entryOf = (name: string) => figures.find(({ entry }) => entry.opponent === name)?.entry
  const [tfjs, typescript] = [entryOf('tfjs-cpu'), entryOf('evenkeel, TypeScript')]
  return tfjs === undefined || typescript === undefined ? undefined : ratio(tfjs.rounds, typescript.rounds).median
}
