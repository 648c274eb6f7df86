import { expect } from 'chai'
import { type FloatTensor, manualSeed, nn, type optim, randn, tensor } from '../../lib/index.js'
import { decode, type Encoded, readGolden } from '../golden.js'
import { adamBits } from '../processor.js'
import { adam } from './kinds.js'

interface Case {
  optimizer: string
  kind: string
  options: Partial<optim.AdamOptions>
  seed: number
  /** Of all parameters, one after the other, as PyTorch computes them on a processor of AMD with AVX-512. */
  results: Record<string, Encoded>
  /** Those that are others with exact square roots. */
  withExactRoots: Record<string, Encoded>
}

/** What golden/record_adam_bits.py writes. */
interface Golden {
  sizes: number[]
  /** By what normal random numbers become the gradients of each step. */
  factors: Record<string, number[]>
  cases: Case[]
}

const golden = readGolden('adam_bits') as Golden

/** The same numbers as in golden/record_adam_bits.py. */
function gradient(kind: string, step: number, size: number): FloatTensor {
  const factor = Math.fround(golden.factors[kind][step])
  const isZero = (i: number) => kind === 'zeros' && (i + step) % 3 === 0
  return tensor(Float32Array.from(randn([size]).data, (value, i) => (isZero(i) ? 0 : value * factor)))
}

/** What is left after the last step, of all parameters one after the other. */
function train({ optimizer: name, kind, options, seed, results }: Case): Record<string, Float32Array> {
  manualSeed(seed)
  const params = golden.sizes.map((size) => new nn.Parameter(randn([size])))
  const optimizer = adam.make(name, params, options)
  golden.factors[kind].forEach((_, step) => {
    for (const param of params) param.grad = gradient(kind, step, param.size)
    optimizer.step()
  })
  const saved = optimizer.stateDict()
  const joined = (key: string) => {
    const tensors = key === 'params' ? params : params.map((_, i) => saved.get(`state.${i}.${key}`))
    return Float32Array.from(tensors.flatMap((each) => [...(each?.data ?? [])]))
  }
  return Object.fromEntries(Object.keys(results).map((key) => [key, joined(key)]))
}

describe('Adam and AdamW in float32, to the bit', () => {
  before(function () {
    // There, the limits of adam.golden.test.ts hold.
    if (adamBits === 'none') this.skip()
  })

  for (const recorded of golden.cases) {
    const { optimizer, kind, options } = recorded
    const results = adamBits === 'recorded' ? recorded.results : { ...recorded.results, ...recorded.withExactRoots }
    it(`${optimizer} ${JSON.stringify(options)} with gradients ${kind}`, () => {
      const actual = train(recorded)
      for (const [key, encoded] of Object.entries(results)) {
        expect(actual[key], key).to.deep.equal(decode(encoded).data)
      }
    })
  }
})
