import { observe, type Observation } from './backend/observer.js'
import { callSynchronous, checkCount } from './check.js'

/** What all calls of one kernel come to. */
export interface ProfiledOperation {
  /** The name of the kernel, such as `layerNormForward` or `sgemm`. */
  readonly name: string
  /** How often it was called. */
  readonly calls: number
  /** How long all calls took together, in milliseconds. */
  readonly total: number
  /** How long a call took, in milliseconds. */
  readonly mean: number
  /** The bytes of the arrays that it was given, of all calls together. */
  readonly bytes: number
}

/** Where the time of a function went: see {@link profile}. */
export class Profile<T> {
  /** How long the function took, in milliseconds. */
  readonly total: number

  readonly #observations: readonly Observation[]
  readonly #begin: number

  /** @internal */
  constructor(
    /** What the function returned. */
    readonly result: T,
    observations: readonly Observation[],
    begin: number,
    end: number,
  ) {
    this.#observations = observations
    this.#begin = begin
    this.total = end - begin
  }

  /** The kernels that ran, those first that took longest. */
  get operations(): ProfiledOperation[] {
    const groups = new Map<string, { calls: number; total: number; bytes: number }>()
    for (const { name, begin, end, bytes } of this.#observations) {
      const { calls, ...sums } = groups.get(name) ?? { calls: 0, total: 0, bytes: 0 }
      groups.set(name, { calls: calls + 1, total: sums.total + end - begin, bytes: sums.bytes + bytes })
    }
    return [...groups]
      .map(([name, group]) => ({ name, ...group, mean: group.total / group.calls }))
      .sort((a, b) => b.total - a.total)
  }

  /** A table: of each kernel its calls, times, share and bytes; in the last line what was not spent in kernels. */
  toString(): string {
    const { operations } = this
    const inKernels = operations.reduce((sum, { total }) => sum + total, 0)
    const share = (time: number) => (this.total > 0 ? `${((100 * time) / this.total).toFixed(1)} %` : '')
    const rows = operations.map(({ name, calls, total, mean, bytes }) => [
      name,
      String(calls),
      total.toFixed(3),
      (1000 * mean).toFixed(2),
      share(total),
      (bytes / 2 ** 20).toFixed(2),
    ])
    const rest = this.total - inKernels
    return table([
      ['kernel', 'calls', 'total ms', 'mean us', 'share', 'MiB'],
      ...rows,
      ['(outside of kernels)', '', rest.toFixed(3), '', share(rest), ''],
    ])
  }

  /** What `console.log` shows: the same as {@link toString}. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /**
   * Every call with its time, as JSON that https://ui.perfetto.dev and `chrome://tracing` open.
   *
   * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
   */
  toChromeTrace(): string {
    checkCount('toChromeTrace', arguments.length, 0)
    const common = { ph: 'X', pid: process.pid, tid: 0 }
    const traceEvents = this.#observations.map(({ name, begin, end, bytes }) => ({
      ...common,
      name,
      ts: 1000 * (begin - this.#begin),
      dur: 1000 * (end - begin),
      args: { bytes },
    }))
    const whole = { ...common, name: 'profile', ts: 0, dur: 1000 * this.total, args: {} }
    return JSON.stringify({ traceEvents: [whole, ...traceEvents], displayTimeUnit: 'ms' })
  }
}

/**
 * Runs `fn` and says where its time went: which kernels ran, how often, how long and on how many bytes. The kernels of a
 * function that was compiled run in one go, and count as one.
 *
 *     const report = profile(() => step(x, target))
 *     console.log(String(report)) // a table
 *     writeFileSync('trace.json', report.toChromeTrace()) // for https://ui.perfetto.dev
 *
 * @throws TypeError if `fn` is not a function, or returns a promise (what it awaits would run unobserved)
 * @see https://docs.pytorch.org/docs/stable/profiler.html
 */
export function profile<T>(fn: () => T): Profile<T> {
  checkCount('profile', arguments.length, 1)
  const observations: Observation[] = []
  const begin = performance.now()
  const result = observe(
    (observation) => observations.push(observation),
    () => callSynchronous('profile', fn),
  )
  return new Profile(result, observations, begin, performance.now())
}

/** Lines of cells, the first of each line to the left and the others to the right, under a rule. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((cells) => cells[i].length)))
  const [head, ...body] = lines.map((cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  )
  return [head, '-'.repeat(head.length), ...body].join('\n')
}
