import type { Case, Crowd, Resident, Served } from '../measure/results.js'
import { figuresOf, sgemmRate } from './figures.js'
import { formatMebibytes, formatNumber, formatPercent, formatSummary, formatThreads, nameOf } from './format.js'
import type { Goal } from './goals.js'
import { summarize } from './statistics.js'
import { table } from './table.js'

/** All that was measured of one workload; columns that say nothing about it are left out. */
export function caseTable(result: Case): string {
  const figures = figuresOf(result)
  const columns: [head: string, cell: (figure: (typeof figures)[number]) => string][] = [
    [result.title, ({ entry }) => nameOf(entry)],
    ['us', ({ time }) => formatSummary(time)],
    ['p99, us', ({ tail }) => (tail ? formatSummary(tail) : '')],
    ['times ours', ({ toOurs }) => (toOurs ? formatSummary(toOurs) : '')],
    ['of the roofline', ({ share }) => formatPercent(share)],
    ['products alone', ({ productsShare }) => formatPercent(productsShare)],
    ['memory, MiB', ({ memory }) => formatMebibytes(memory)],
    ['rounds', ({ entry }) => `${entry.rounds.length} of ${formatCount(entry.iterations)}`],
  ]
  const wanted = columns.filter(([, cell], i) => i < 2 || figures.some((figure) => cell(figure) !== ''))
  const body = figures.map((figure) => wanted.map(([, cell]) => cell(figure)))
  const head = wanted.map(([title]) => title)
  const missing = result.leftOut.length > 0 ? `\nLeft out: ${result.leftOut.join('; ')}.\n` : ''
  return table(head, body) + ratesOf(result) + missing
}

/** The machine's rate in products of large matrices, in the rounds of this case. */
function ratesOf({ entries }: Case): string {
  const counts = [...new Set(entries.map(({ threads }) => threads))].sort()
  const rates = counts.flatMap((threads) => {
    const rate = sgemmRate(entries, threads)
    return rate === undefined ? [] : [`${formatNumber(rate)} GFLOP/s with ${formatThreads(threads)}`]
  })
  return rates.length > 0 ? `\nThe machine's rate, of the fastest sgemm: ${rates.join(', ')}.\n` : ''
}

function formatCount(count: number): string {
  return count.toLocaleString('en')
}

export function crowdTable(crowds: readonly Crowd[]): string {
  return table(
    ['training (32, 128)', 'steps a second, in sum'],
    crowds.map(({ opponent, processes, threads, rounds }) => [
      `${opponent}, ${processes} process${processes === 1 ? '' : 'es'}, threads of each: ${threads}`,
      formatSummary(summarize(rounds)),
    ]),
  )
}

export function serverTable(served: readonly Served[]): string {
  const time = (value: number) => formatNumber(value)
  const names = { idle: 'none', captured: 'captured, on another thread', eager: "eager, on the server's thread" }
  return table(
    [
      'training',
      'loop delay p50, ms',
      'p99',
      'longest',
      'steps a second',
      'requests a second',
      'answer p50, ms',
      'p99',
    ],
    served.map(({ mode, loop, requestsPerSecond, p50, p99 }) => [
      names[mode],
      ...[loop.p50, loop.p99, loop.max, loop.stepsPerSecond, requestsPerSecond, p50, p99].map(time),
    ]),
  )
}

export function residentTable(resident: readonly Resident[]): string {
  const [{ steps, mebibytes }] = resident
  return table(
    ['MiB after so many steps', ...mebibytes.map((_, i) => formatCount((i + 1) * steps))],
    resident.map(({ mode, mebibytes: measured }) => [mode, ...measured.map(String)]),
  )
}

export function goalTable(goals: readonly Goal[]): string {
  return table(
    ['goal', 'target', 'measured', ''],
    goals.map((goal) => [goal.goal, goal.target, formatActual(goal), formatVerdict(goal)]),
  )
}

function formatActual({ actual, unit }: Goal): string {
  if (actual === undefined) return ''
  if (unit === 'percent') return formatPercent(actual)
  const suffix = { times: '', microseconds: ' us', milliseconds: ' ms' }[unit]
  return `${formatNumber(actual)}${suffix}`
}

function formatVerdict({ reached }: Goal): string {
  if (reached === undefined) return 'not measured'
  return reached ? 'reached' : '**missed**'
}
