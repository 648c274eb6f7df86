import type { Case, Results } from '../measure/results.js'
import type { Chart } from './charts.js'
import { formatMebibytes, formatSummary, nameOf } from './format.js'
import { caseTable, crowdTable, goalTable, residentTable, serverTable } from './sections.js'
import { figuresOf } from './figures.js'
import { judge } from './goals.js'
import { formatMarkdown, table } from './table.js'

/** docs/benchmarks.md. */
export function makePage(results: Results, charts: readonly Chart[]): Promise<string> {
  const { machine, cases, batches, widths, crowds, served, resident, notes, seconds } = results
  const pictures = new Map(charts.map(({ name, title }) => [title, `![${title}](benchmarks/${name}.svg)\n`]))
  const parts = [
    '# Benchmarks',
    '',
    `Made by \`${machine.command}\`, which took ${(seconds / 60).toFixed(0)} minutes; change nothing here by hand. The numbers`,
    'of every round stand in [benchmarks/results.json](benchmarks/results.json), and',
    '[CONTRIBUTING.md](../CONTRIBUTING.md#the-bench) says how to run it.',
    '',
    machineTable(results),
    '',
    ...notes.flatMap((note) => [note, '']),
    howItIsMeasured,
    '## Goals',
    '',
    goalTable(judge(results)),
    '## Workloads',
    '',
    ...cases.flatMap((result) => [
      `### ${capitalized(result.title)}`,
      '',
      caseTable(result),
      pictures.get(result.title) ?? '',
    ]),
    ...growthSection('batch', batches, pictures),
    ...growthSection('width', widths, pictures),
    ...(crowds.length > 0 ? ['## Four processes at once', '', crowdTable(crowds)] : []),
    ...(served.length > 0 ? ['## A server that trains (256, 512)', '', serverText, serverTable(served)] : []),
    ...(resident.length > 0 ? ['## Resident memory', '', residentText, residentTable(resident)] : []),
    '## Versions and settings',
    '',
    versionTable(cases),
  ]
  return formatMarkdown(parts.join('\n'))
}

const howItIsMeasured = `## How it is measured

Every opponent runs in a process of its own. They take turns, round by round, in one run; a turn is as many iterations as
take some 60 ms, timed by the opponent itself after one or two that are not timed, and the others sleep meanwhile. A
figure is the median of all rounds, with the quartiles in brackets; "rounds" says how many, of how many iterations. "Times ours" divides by evenkeel's time in the same
round, with all threads, and takes the median of that. Slow opponents take part in fewer rounds.

Training begins each turn with the same weights, and all opponents compute on the same numbers; before anything is timed,
their first losses (or outputs and gradients) are compared with evenkeel's, and a difference ends the run.

The roofline of a training step is the time of its matrix products at the rate of the fastest product of large matrices
that any opponent reaches on this machine with that many threads; "products alone" is the time that evenkeel's own
products of that step take, without the rest, over the time of the step. The roofline of LayerNorm is the fastest copy
of as many bytes: x and y forward; dy, x and dx backward. JavaScript libraries that keep no graph (jax-js, tfjs) compute
the forward pass again in their backward pass, which is timed with it. Memory is what the work adds to the process at
its peak, beyond the loaded library.

Each opponent is written as its users would write it to be fast. PyTorch: fused Adam, \`inference_mode\`; with
\`torch.compile\`, forward and backward are compiled and Adam is the fused one, which is faster than a compiled one. JAX:
the whole step under one \`jit\` with donated buffers, LayerNorm as flax computes it and optax's Adam; its loop waits at the
end of a turn only. jax-js: the whole step under one \`jit\`, on its \`wasm\` device; the loss of each step is read, since
steps that wait for each other are slower. tfjs: fused matrix products, \`tidy\`. The WebAssembly of both has one thread
in Node. Threads wait for work as each library has them do by default, PyTorch's spinning for a moment: told to sleep at
once (\`OMP_WAIT_POLICY=PASSIVE\`), it took 3,100 us instead of 690 for a step at (32, 128). On a machine that is not idle,
spinning costs it dearly, which its figures with one thread do not show. Between two turns nobody does anything for 10 ms,
and threads are asleep by then.
`

const serverText = `A \`node:http\` server answers predictions of the tutorial's model, compiled, to four clients in another process, while
it trains a larger one. How long the event loop is held up is what \`monitorEventLoopDelay\` says, beyond its resolution, of
as long without requests as with them.
`

const residentText = `What a process holds that trains at (32, 128), all of Node included (\`examples/resident-memory.ts\`).
`

function machineTable({ machine }: Results): string {
  const { processor, processors, memoryGiB, system, node, commit, date, load } = machine
  return table(
    ['', 'this run'],
    [
      ['processor', `${processor}, ${processors} processors`],
      ['memory', `${memoryGiB} GiB`],
      ['system', `${system}, Node ${node}`],
      ['evenkeel', `commit ${commit}`],
      ['date', `${date} UTC`],
      ['load at the beginning', load.map((value) => value.toFixed(1)).join(', ')],
    ],
  )
}

function growthSection(
  what: 'batch' | 'width',
  cases: readonly Case[],
  pictures: ReadonlyMap<string, string>,
): string[] {
  if (cases.length === 0) return []
  const names = cases[0].entries.map(nameOf)
  const rows = (cell: (figure: ReturnType<typeof figuresOf>[number]) => string) =>
    cases.map((result) => [result.title.replace('growth ', ''), ...figuresOf(result).map(cell)])
  return [
    `## How a step grows with the ${what}`,
    '',
    'Microseconds a step:',
    '',
    table(
      ['(batch, width)', ...names],
      rows(({ time }) => formatSummary(time)),
    ),
    pictures.get(`time of a step by ${what}`) ?? '',
    'MiB that training adds to the process:',
    '',
    table(
      ['(batch, width)', ...names],
      rows(({ memory }) => formatMebibytes(memory)),
    ),
    pictures.get(`memory of a step by ${what}`) ?? '',
  ]
}

function versionTable(cases: readonly Case[]): string {
  const about = new Map(cases.flatMap(({ entries }) => entries.map((entry) => [entry.opponent, entry.about])))
  return table(['opponent', 'what it is'], [...about])
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}
