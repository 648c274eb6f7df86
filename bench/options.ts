import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  readonly quick: boolean
  /** Parts of titles; all cases if there are none. */
  readonly only: readonly string[]
  /** The most rounds of a case. */
  readonly rounds: number | undefined
  readonly writeDocs: boolean
  /** Whether to measure nothing, and write the documents of the last results again. */
  readonly reportOnly: boolean
  readonly help: boolean
}

export const usage = `npm run bench [-- OPTIONS]: measures evenkeel and others alternately (CONTRIBUTING.md)

  --quick        under a minute: fewer sizes, opponents and rounds
  --only TEXT    only the cases whose title contains TEXT; may be given several times
  --rounds N     at most N rounds of each case
  --no-docs      leave docs/benchmarks.md and its charts alone, as --quick and --only do anyway
  --report       measure nothing, and write docs/benchmarks.md from bench/results.json
  --help         show this

EVENKEEL_BENCH_PYTHON names a Python interpreter with torch, or jax and optax, or all of them.
`

/** @throws TypeError for an unknown option, RangeError for a number of rounds that is none */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      'no-docs': { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, only, report, help } = values
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`--rounds: expected an integer of at least 1, got ${values.rounds}`)
  }
  const writeDocs = !quick && only.length === 0 && !values['no-docs']
  return { quick, only, rounds, writeDocs, reportOnly: report, help }
}
