// npm run bench: see `usage` in options.ts.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { measureCrowds } from './measure/crowd.js'
import { thisMachine } from './measure/machine.js'
import { measureResident } from './measure/resident.js'
import type { Case, Crowd, Machine, Resident, Results, Served } from './measure/results.js'
import { measure } from './measure/rounds.js'
import { measureServer } from './measure/server.js'
import { findOpponents } from './opponents/field.js'
import { type Options, readOptions, usage } from './options.js'
import { drawCharts } from './report/charts.js'
import { makePage } from './report/page.js'
import { printCase, printSummary } from './report/terminal.js'
import { allSuites } from './workloads/index.js'
import type { Field, Suite } from './workloads/suite.js'

const CROWD_TITLE = 'four processes at once'
const CROWD_ROUNDS = 9
const SERVER_TITLE = 'a server that trains (256, 512)'
const SERVER_SECONDS = 5
const RESIDENT_TITLE = 'resident memory'

/** The load from which on a machine does something else. */
const BUSY = 1

const resultsPath = fileURLToPath(new URL('results.json', import.meta.url))
const docs = fileURLToPath(new URL('../docs/', import.meta.url))

// Without this, an interrupted run would leave its files behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const args = process.argv.slice(2)
const options = readOptions(args)
if (options.help) process.stdout.write(usage)
else if (options.reportOnly) await writeDocs(JSON.parse(readFileSync(resultsPath, 'utf8')) as Results)
else await run(options)

async function run({ quick, only, rounds, writeDocs: wantsDocs }: Options): Promise<void> {
  const begin = performance.now()
  const machine = thisMachine(args)
  const { opponents, notes } = findOpponents(process.env.EVENKEEL_BENCH_PYTHON, quick)
  const field: Field = { opponents, threads: availableParallelism(), quick }
  const isWanted = (title: string) => only.length === 0 || only.some((part) => title.includes(part))

  const suites = allSuites(field)
  const titles = [...suites.map(({ title }) => title), ...(quick ? [] : [CROWD_TITLE, SERVER_TITLE, RESIDENT_TITLE])]
  if (!titles.some(isWanted)) throw new Error(`bench: --only names none of: ${titles.join('; ')}`)

  const measured: [Suite, Case][] = []
  for (const suite of suites.filter(({ title }) => isWanted(title))) {
    progress(suite.title)
    const { title, workload, contestants, leftOut, budget } = suite
    const entries = await measure(workload, contestants, budget, rounds)
    const result: Case = { title, workload, entries, leftOut }
    measured.push([suite, result])
    await printCase(result)
  }
  const crowds: Crowd[] = []
  if (!quick && isWanted(CROWD_TITLE)) {
    progress(CROWD_TITLE)
    crowds.push(...(await measureCrowds(field, rounds ?? CROWD_ROUNDS)))
  }

  const served: Served[] = []
  if (!quick && isWanted(SERVER_TITLE)) {
    progress(SERVER_TITLE)
    served.push(...(await measureServer(SERVER_SECONDS)))
  }

  const resident: Resident[] = []
  if (!quick && isWanted(RESIDENT_TITLE)) {
    progress(RESIDENT_TITLE)
    resident.push(...(await measureResident()))
  }

  const inSection = (wanted: Suite['section']) =>
    measured.flatMap(([{ section }, result]) => (section === wanted ? [result] : []))
  const results: Results = {
    machine,
    seconds: (performance.now() - begin) / 1000,
    cases: inSection('cases'),
    batches: inSection('batches'),
    widths: inSection('widths'),
    crowds,
    served,
    resident,
    notes: [...notes, ...notesOn(machine)],
  }
  await printSummary(results)
  writeFileSync(resultsPath, `${JSON.stringify(results, undefined, 1)}\n`)
  if (wantsDocs) await writeDocs(results)
}

/** A busy machine slows those most whose threads wait for each other. */
function notesOn({ load: [load] }: Machine): string[] {
  if (load <= BUSY) return []
  return [
    `The machine was busy when the run began (load ${load.toFixed(1)}): nothing can be concluded from its ratios.`,
  ]
}

function progress(title: string): void {
  process.stderr.write(`bench: ${title} ...\n`)
}

/** The page with its charts, and the numbers behind them. */
async function writeDocs(results: Results): Promise<void> {
  const charts = await drawCharts(results)
  rmSync(`${docs}benchmarks`, { recursive: true, force: true })
  mkdirSync(`${docs}benchmarks`)
  for (const { name, svg } of charts) writeFileSync(`${docs}benchmarks/${name}.svg`, svg)
  writeFileSync(`${docs}benchmarks/results.json`, `${JSON.stringify(results)}\n`)
  writeFileSync(`${docs}benchmarks.md`, await makePage(results, charts))
}
