import { expect } from 'chai'
import { type FloatDType, type FloatTensor, manualSeed, nn, optim, randn, tensor } from '../lib/index.js'
import { readGolden, ROUNDING } from './golden.js'
import { adamBits } from './processor.js'

/** One input, and how far PyTorch's float32 results are from its float64 ones; null where float32 has failed. */
interface Case {
  case: string
  shape: [number, number]
  seed: number
  /** The last element of the input, which shows that it is the same as PyTorch's. */
  last: number
  errors: Record<string, number | null>
}

/** What golden/record_accuracy.py writes. */
interface Golden {
  /** By what normal random numbers are multiplied, and what is added to them. */
  kinds: Record<string, [scale: number, shift: number]>
  groups: Record<string, Case[]>
}

interface Inputs {
  x: FloatTensor
  weight: FloatTensor
  bias: FloatTensor
}

const F = nn.functional

const golden = readGolden('accuracy') as Golden

/** The inputs, and the gradient that flows into the result: the same numbers as in golden/record_accuracy.py. */
function draw({ case: kind, shape, seed }: Case): {
  inputs: Record<keyof Inputs, Float32Array>
  upstream: Float32Array
} {
  manualSeed(seed)
  const [scale, shift] = golden.kinds[kind].map(Math.fround)
  const [numbers, upstream] = [randn(shape).data, randn(shape).data] as Float32Array[]
  const [weight, bias] = [randn([shape[1]]).data, randn([shape[1]]).data] as Float32Array[]
  const first = (i: number) => (kind === 'constant rows' ? i - (i % shape[1]) : i)
  if (kind === 'outliers') for (let i = 0; i < numbers.length; i += shape[1]) numbers[i] = 1e4
  return {
    inputs: { x: numbers.map((_, i) => Math.fround(numbers[first(i)] * scale) + shift), weight, bias },
    upstream,
  }
}

const classes = ({ shape: [rows, cols] }: FloatTensor) =>
  tensor(Int32Array.from({ length: rows }, (_, r) => (r * 7 + 1) % cols))

const probabilities = ({ shape, size, dtype }: FloatTensor) =>
  tensor(
    Array.from({ length: size }, (_, i) => ((i * 5) % 8) / 8),
    { shape, dtype },
  )

function adam({ x, weight }: Inputs): FloatTensor {
  const param = new nn.Parameter(weight.detach().add(x.detach().mul(0)))
  const optimizer = new optim.Adam([param], { lr: 0.01 })
  for (const factor of [1, 0.5, -0.25, 1, 2]) {
    param.grad = x.detach().mul(factor)
    optimizer.step()
  }
  return param.detach()
}

const operations: Record<string, (inputs: Inputs) => FloatTensor> = {
  layerNorm: ({ x, weight, bias }) => F.layerNorm(x, x.shape.slice(1), { weight, bias }),
  rmsNorm: ({ x, weight }) => F.rmsNorm(x, x.shape.slice(1), { weight, eps: 1e-5 }),
  batchNorm: ({ x, weight, bias }) => F.batchNorm(x, undefined, undefined, { weight, bias, training: true }),
  softmax: ({ x }) => F.softmax(x, 1),
  logSoftmax: ({ x }) => F.logSoftmax(x, 1),
  crossEntropy: ({ x }) => F.crossEntropy(x, classes(x)),
  'crossEntropy, weighted': ({ x, weight }) =>
    F.crossEntropy(x, classes(x), { weight: weight.detach().abs(), labelSmoothing: 0.1 }),
  'crossEntropy, each': ({ x, weight }) =>
    F.crossEntropy(x, classes(x), { weight: weight.detach().abs(), reduction: 'none' }),
  'crossEntropy, probabilities': ({ x, weight }) =>
    F.crossEntropy(x, probabilities(x), { weight, labelSmoothing: 0.1 }),
  nllLoss: ({ x, weight }) => F.nllLoss(x, classes(x), { weight: weight.detach().abs() }),
  Adam: adam,
  'layerNorm, long rows': ({ x, weight, bias }) => F.layerNorm(x, x.shape.slice(1), { weight, bias }),
}

/** The output of an operation, and the gradients of what it uses. */
function compute(name: string, recorded: Case, dtype: FloatDType): Record<string, ArrayLike<number>> {
  const { inputs, upstream } = draw(recorded)
  const { shape } = recorded
  const leaf = (data: Float32Array, shape: number[]) => tensor([...data], { shape, dtype, requiresGrad: true })
  const leaves = {
    x: leaf(inputs.x, shape),
    weight: leaf(inputs.weight, [shape[1]]),
    bias: leaf(inputs.bias, [shape[1]]),
  }
  const output = operations[name](leaves)
  if (output.requiresGrad) output.backward(tensor([...upstream.slice(0, output.size)], { shape: output.shape, dtype }))
  const gradients = Object.entries(leaves).flatMap(([key, { grad }]) => (grad ? [[key, grad.data] as const] : []))
  return { output: output.data, ...Object.fromEntries(gradients) }
}

describe("accuracy: no further from float64 than PyTorch's float32", () => {
  for (const [name, cases] of Object.entries(golden.groups)) {
    for (const kind of new Set(cases.map((one) => one.case))) {
      it(`${name} of ${kind}`, () => {
        for (const recorded of cases.filter((one) => one.case === kind)) expectAccurate(name, recorded)
      })
    }
  }
})

function expectAccurate(name: string, recorded: Case): void {
  const { shape, seed, last, errors } = recorded
  expect(draw(recorded).inputs.x.at(-1), 'the input').to.equal(last)
  const exact = compute(name, recorded, 'float64')
  const actual = compute(name, recorded, 'float32')
  expect(Object.keys(actual)).to.have.members(Object.keys(errors))
  for (const [key, values] of Object.entries(actual)) {
    const expected = Array.from(exact[key])
    const distances = expected.map((value, i) =>
      Number.isFinite(Math.fround(value)) ? Math.abs(values[i] - value) : 0,
    )
    const finite = expected.map(Math.abs).filter((value) => Number.isFinite(Math.fround(value)))
    const isChance = name === 'Adam' && adamBits !== 'recorded'
    const others = errors[key] === null || isChance ? ONCE : DOUBLES
    const limit = (errors[key] ?? 0) + others * Math.max(0, ...finite) + SMALLEST
    const message = `${key} of shape [${shape.join()}], seed ${seed}, beside ${errors[key]} of PyTorch`
    expect(Math.max(0, ...distances), message).to.be.at.most(limit)
  }
}

/** One rounding of a result, and a little for that of the float64 it is held against. */
const ONCE = 1.0001 * ROUNDING

/** What may come between two float64 results. */
const DOUBLES = 2 ** -48

/** The smallest float32: a rounding of what is smaller than normal numbers. */
const SMALLEST = 2 ** -149
