import { expect } from 'chai'
import { type FloatDType, type FloatTensor, nn, type Tensor } from '../../lib/index.js'
import { decode, type Encoded } from '../golden.js'

/** One recorded run; results are all parameters after every step, and what is kept for them at the end. */
interface Case<Options> extends Record<FloatDType, Record<string, Encoded>> {
  optimizer: string
  options: Options
  groups: Options[]
}

/** What golden/optimizers.py writes. */
export interface Golden<Options> {
  initial: Encoded[]
  gradients: Encoded[][]
  /** At which steps the second tensor has no gradient. */
  skipped: number[]
  cases: Case<Options>[]
}

interface Optimizer {
  step(): void
  stateDict(): Map<string, Tensor>
}

export interface Kind<Options> {
  make: (name: string, params: FloatTensor[] | ({ params: FloatTensor[] } & Options)[], options: Options) => Optimizer
  /** What is kept for each tensor; as true, if it is a sum of gradients, in which terms may have cancelled. */
  state: Record<string, boolean>
  /** How many times as large as a gradient a sum of gradients may become. Default: 1, for averages. */
  growth?: (options: Options) => number
}

/** Half the distance of neighbours, relative to the number. */
const roundings = { float32: 2 ** -24, float64: 2 ** -53 }

const valuesOf = (encoded: Encoded) => [...decode(encoded).data]

/** Defines a test of every recorded run in both dtypes. */
export function optimizerCases<Options extends { weightDecay?: number }>(
  golden: Golden<Options>,
  kind: Kind<Options>,
): void {
  for (const recorded of golden.cases) {
    const { optimizer, options, groups } = recorded
    for (const dtype of ['float32', 'float64'] as const) {
      it(`${dtype} ${optimizer} ${JSON.stringify(groups.length > 0 ? { ...options, groups } : options)}`, () => {
        const { params, state } = train(kind, golden, recorded, dtype)
        const growth = Math.max(...[options, ...groups].map(kind.growth ?? (() => 1)))
        expectSameParams(params, golden, recorded[dtype].params, roundings[dtype] * growth)
        expect(['params', ...Object.keys(kind.state)]).to.have.members(Object.keys(recorded[dtype]))
        for (const [name, isSum] of Object.entries(kind.state)) {
          const expected = valuesOf(recorded[dtype][name])
          const sums = gradientScale(golden, recorded, dtype).filter((_, i) => state[name][i].length > 0)
          const scale = isSum ? sums.flat().map((size) => size * growth) : expected
          expectNear(name, state[name].flat(), expected, scale, golden.gradients.length * roundings[dtype])
        }
      })
    }
  }
}

/** All parameters after every step, and what the optimizer keeps for each at the end: nothing, if it keeps nothing. */
function train<Options>(
  { make, state }: Kind<Options>,
  golden: Golden<Options>,
  recorded: Case<Options>,
  dtype: FloatDType,
): { params: number[]; state: Record<string, number[][]> } {
  const params = golden.initial.map((encoded) => new nn.Parameter(decode(encoded, dtype) as FloatTensor))
  const [first, second] = recorded.groups
  const groups = [
    { params: params.slice(0, 1), ...first },
    { params: params.slice(1), ...second },
  ]
  const optimizer = make(recorded.optimizer, recorded.groups.length === 0 ? params : groups, recorded.options)
  const history = golden.gradients.flatMap((gradients, step) => {
    params.forEach((param, i) => {
      const missing = i === 1 && golden.skipped.includes(step)
      param.grad = missing ? null : (decode(gradients[i], dtype) as FloatTensor)
    })
    optimizer.step()
    return params.flatMap(({ data }) => [...data])
  })
  const saved = optimizer.stateDict()
  const kept = (name: string) => params.map((_, i) => [...(saved.get(`state.${i}.${name}`)?.data ?? [])])
  return { params: history, state: Object.fromEntries(Object.keys(state).map((name) => [name, kept(name)])) }
}

/** Rows, one a step, of values that were recorded one after the other. */
function bySteps(values: number[], { gradients }: Golden<unknown>): number[][] {
  const size = values.length / gradients.length
  return gradients.map((_, step) => values.slice(step * size, (step + 1) * size))
}

/** The largest magnitude that each element has had up to each row. */
function largestSoFar(rows: number[][]): number[][] {
  let largest = rows[0].map(() => 0)
  return rows.map((row) => (largest = row.map((value, i) => Math.max(largest[i], Math.abs(value) || 0))))
}

/** Expects every number to be within `limit` times its scale of the expected one; and NaN where that is NaN. */
function expectNear(what: string, actual: number[], expected: number[], scale: number[], limit: number): void {
  expect(actual.map(Number.isNaN), `where ${what} is NaN`).to.deep.equal(expected.map(Number.isNaN))
  const far = actual.flatMap((value, i) => (Math.abs(value - expected[i]) > limit * Math.abs(scale[i]) ? [i] : []))
  const shown = far.map((i) => `${actual[i]} for ${expected[i]}`)
  expect(shown, `${what}, further than ${limit} of its scale`).to.deep.equal([])
}

/**
 * A step of one side is rounded to the parameter once or twice more than the other's: two roundings, of the largest that
 * the parameter has been, for each step so far. What the sum of gradients is off by comes back in `growth` steps.
 */
function expectSameParams(actual: number[], golden: Golden<unknown>, recorded: Encoded, rounding: number): void {
  const expected = bySteps(valuesOf(recorded), golden)
  const initial = golden.initial.flatMap(valuesOf)
  const [, ...largest] = largestSoFar([initial, ...expected])
  bySteps(actual, golden).forEach((params, step) => {
    expectNear(`params after step ${step + 1}`, params, expected[step], largest[step], 2 * (step + 1) * rounding)
  })
}

/**
 * How large the terms of a sum of gradients are, for each tensor: the largest gradient, with the weight decay in it. The sum takes one
 * rounding more or less of that a step.
 */
function gradientScale<Options extends { weightDecay?: number }>(
  golden: Golden<Options>,
  recorded: Case<Options>,
  dtype: FloatDType,
): number[][] {
  const decay = Math.max(...[recorded.options, ...recorded.groups].map(({ weightDecay = 0 }) => weightDecay))
  const params = largestSoFar(bySteps(valuesOf(recorded[dtype].params), golden)).at(-1) ?? []
  return golden.initial.map((_, i) => {
    const start = golden.initial.slice(0, i).flatMap(valuesOf).length
    const gradients = largestSoFar(golden.gradients.map((own) => valuesOf(own[i]))).at(-1) ?? []
    return gradients.map((value, j) => value + decay * params[start + j])
  })
}
