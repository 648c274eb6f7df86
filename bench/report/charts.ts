import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Case, Entry, Results } from '../measure/results.js'
import { nameOf } from './format.js'
import { summarize } from './statistics.js'

/** A chart as a file of docs/benchmarks/. */
export interface Chart {
  readonly name: string
  readonly title: string
  readonly svg: string
}

/** The charts that the results have data for. */
export async function drawCharts({ cases, batches, widths }: Results): Promise<Chart[]> {
  const dots = cases.map(({ title, entries }) => ({ name: fileName(title), title, spec: dotChart(title, entries) }))
  const lines = [
    { cases: batches, what: 'batch' as const },
    { cases: widths, what: 'width' as const },
  ]
    .filter((growth) => growth.cases.length > 0)
    .flatMap(({ cases: growing, what }) => [
      { name: `time-by-${what}`, title: `time of a step by ${what}`, spec: lineChart(growing, what, 'time') },
      { name: `memory-by-${what}`, title: `memory of a step by ${what}`, spec: lineChart(growing, what, 'memory') },
    ])
  return Promise.all([...dots, ...lines].map(async ({ name, title, spec }) => ({ name, title, svg: await draw(spec) })))
}

async function draw(spec: TopLevelSpec): Promise<string> {
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()
}

function fileName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
}

/** A dot for each median, and a line from quartile to quartile, on a logarithmic scale. Large products stand in no relation to the rest. */
function dotChart(title: string, entries: readonly Entry[]): TopLevelSpec {
  const values = entries
    .filter(({ workload }) => workload.kind !== 'sgemm')
    .map((entry) => ({ name: nameOf(entry), ours: entry.opponent === 'evenkeel', ...summarize(entry.rounds) }))
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 0 } } as const
  const color = {
    field: 'ours',
    type: 'nominal',
    scale: { domain: [true, false], range: ['#1f6feb', '#8b949e'] },
    legend: null,
  } as const
  const scale = { type: 'log', nice: false, padding: 12 } as const
  const x = { type: 'quantitative', scale, title: 'microseconds, logarithmic' } as const
  return {
    title,
    width: 480,
    background: 'white',
    data: { values },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 3 },
        encoding: { y, color, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      { mark: { type: 'point', filled: true, size: 70 }, encoding: { y, color, x: { ...x, field: 'median' } } },
    ],
  }
}

/** A line for each opponent over the batch or the width, both axes logarithmic. */
function lineChart(cases: readonly Case[], what: 'batch' | 'width', figure: 'time' | 'memory'): TopLevelSpec {
  const values = cases.flatMap(({ workload, entries }) =>
    entries.map((entry) => ({
      name: nameOf(entry),
      size: workload.kind === 'train' ? workload[what] : NaN,
      figure:
        figure === 'time'
          ? summarize(entry.rounds).median
          : ((entry.memory?.peak ?? NaN) - (entry.memory?.before ?? NaN)) / 2 ** 20,
    })),
  )
  const title = figure === 'time' ? 'microseconds a step' : 'MiB that training adds to the process'
  return {
    width: 480,
    height: 300,
    background: 'white',
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'size', type: 'quantitative', scale: { type: 'log', base: 2 }, title: what },
      y: { field: 'figure', type: 'quantitative', scale: { type: 'log' }, title },
      color: { field: 'name', type: 'nominal', title: null, legend: { labelLimit: 0 } },
    },
  }
}
