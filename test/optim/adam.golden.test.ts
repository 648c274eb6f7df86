import { expect } from 'chai'
import { type FloatDType, type FloatTensor, nn, optim } from '../../lib/index.js'
import { decode, type Encoded, readGolden } from '../golden.js'

interface Case extends Record<FloatDType, Record<'params' | 'step' | StateName, Encoded>> {
  optimizer: 'Adam' | 'AdamW'
  options: Partial<optim.AdamOptions>
  groups: Partial<optim.AdamOptions>[]
}

type StateName = (typeof stateNames)[number]

const stateNames = ['expAvg', 'expAvgSq', 'maxExpAvgSq'] as const

/** Recorded by golden/record_adam.py. */
const golden = readGolden('adam') as {
  initial: Encoded[]
  gradients: Encoded[][]
  /** At which steps the second tensor has no gradient. */
  skipped: number[]
  cases: Case[]
}

function optimizerFor({ optimizer, options, groups }: Case, params: FloatTensor[]): optim.Adam {
  if (groups.length === 0) return new optim[optimizer](params, options)
  const [first, second] = groups
  const own = [
    { params: params.slice(0, 1), ...first },
    { params: params.slice(1), ...second },
  ]
  return new optim[optimizer](own, options)
}

/** All parameters after every step, and what the optimizer keeps for them at the end. */
function train(recorded: Case, dtype: FloatDType): Record<'params' | 'step' | StateName, number[]> {
  const params = golden.initial.map((encoded) => new nn.Parameter(decode(encoded, dtype) as FloatTensor))
  const optimizer = optimizerFor(recorded, params)
  const history = golden.gradients.flatMap((gradients, step) => {
    params.forEach((param, i) => {
      const missing = i === 1 && golden.skipped.includes(step)
      param.grad = missing ? null : (decode(gradients[i], dtype) as FloatTensor)
    })
    optimizer.step()
    return params.flatMap(({ data }) => [...data])
  })
  const state = optimizer.stateDict()
  const kept = (name: string) => params.flatMap((_, i) => [...(state.get(`state.${i}.${name}`)?.data ?? [])])
  const [expAvg, expAvgSq, maxExpAvgSq] = stateNames.map(kept)
  return { params: history, step: kept('step'), expAvg, expAvgSq, maxExpAvgSq }
}

/** Half the distance of neighbours, relative to the number. */
const roundings = { float32: 2 ** -24, float64: 2 ** -53 }

const valuesOf = (encoded: Encoded) => [...decode(encoded).data]

/** Rows, one a step, of values that were recorded one after the other. */
function bySteps(values: number[]): number[][] {
  const size = values.length / golden.gradients.length
  return golden.gradients.map((_, step) => values.slice(step * size, (step + 1) * size))
}

/** The largest magnitude that each element has had up to each row. */
function largestSoFar(rows: number[][]): number[][] {
  let largest = rows[0].map(() => 0)
  return rows.map((row) => (largest = row.map((value, i) => Math.max(largest[i], Math.abs(value) || 0))))
}

/** Expects every number to be within `limit` times its scale of the expected one; and NaN where that is NaN. */
function expectNear(what: string, actual: number[], expected: number[], scale: number[], limit: number): void {
  expect(actual.map(Number.isNaN), `where ${what} is NaN`).to.deep.equal(expected.map(Number.isNaN))
  const far = actual.flatMap((value, i) => (Math.abs(value - expected[i]) > limit * scale[i] ? [i] : []))
  const shown = far.map((i) => `${actual[i]} for ${expected[i]}`)
  expect(shown, `${what}, further than ${limit} of its scale`).to.deep.equal([])
}

/**
 * A step of one side is rounded to the parameter once or twice more than the other's: two roundings, of the largest that
 * the parameter has been, for each step so far.
 */
function expectSameParams(actual: number[], recorded: Case, dtype: FloatDType): void {
  const expected = bySteps(valuesOf(recorded[dtype].params))
  const initial = golden.initial.flatMap(valuesOf)
  const [, ...largest] = largestSoFar([initial, ...expected])
  bySteps(actual).forEach((params, step) => {
    const limit = 2 * (step + 1) * roundings[dtype]
    expectNear(`params after step ${step + 1}`, params, expected[step], largest[step], limit)
  })
}

/**
 * An average takes one rounding more or less a step, of itself. That of the gradients may have cancelled: its scale is
 * the largest gradient, with the weight decay in it.
 */
function expectSameState(actual: Record<StateName, number[]>, recorded: Case, dtype: FloatDType): void {
  const limit = golden.gradients.length * roundings[dtype]
  const decay = Math.max(...[recorded.options, ...recorded.groups].map(({ weightDecay = 0 }) => weightDecay))
  const params = largestSoFar(bySteps(valuesOf(recorded[dtype].params))).at(-1) ?? []
  const gradients = largestSoFar(golden.gradients.map((own) => own.flatMap(valuesOf))).at(-1) ?? []
  for (const name of stateNames) {
    const expected = valuesOf(recorded[dtype][name])
    const scale = name === 'expAvg' ? gradients.map((value, i) => value + decay * params[i]) : expected
    expectNear(name, actual[name], expected, scale, limit)
  }
}

describe('Adam and AdamW, beside PyTorch', () => {
  for (const recorded of golden.cases) {
    const { optimizer, options, groups } = recorded
    for (const dtype of ['float32', 'float64'] as const) {
      it(`${dtype} ${optimizer} ${JSON.stringify(groups.length > 0 ? { ...options, groups } : options)}`, () => {
        const { params, step, ...state } = train(recorded, dtype)
        expect(step).to.deep.equal(valuesOf(recorded[dtype].step))
        expectSameParams(params, recorded, dtype)
        expectSameState(state, recorded, dtype)
      })
    }
  }
})
