import { expect } from 'chai'
import { type FloatDType, type FloatTensor, nn, type Tensor } from '../../lib/index.js'
import { decode, type Encoded, readGolden, ROUNDING } from '../golden.js'

type Result = Encoded & { error: number }

interface Case {
  args: { maxNorm: number; normType: string }
  /** In PyTorch's float64, with the error of its float32. */
  results: Record<'total' | 'gradients', Result>
}

/** Recorded by golden/record_clip_grad_norm.py. */
const { groups } = readGolden('clip_grad_norm') as { groups: { name: string; gradients: Encoded[]; cases: Case[] }[] }

/** Of float64, the last digits; of float32, PyTorch's error, or the roundings that it takes. */
function expectClose(what: string, actual: Tensor | number[], result: Result, dtype: FloatDType): void {
  const values = Array.isArray(actual) ? actual : [...actual.data]
  const expected = [...decode(result).data]
  expect(values.length).to.equal(expected.length)
  const largest = Math.max(...expected.map(Math.abs))
  // The norm of norms, and the seven steps to the factor, have a rounding each.
  const limit = dtype === 'float64' ? 1e-14 * largest : Math.max(result.error, 8 * ROUNDING * largest)
  expect(Math.max(...values.map((value, i) => Math.abs(value - expected[i]))), what).to.be.at.most(limit)
}

describe('clipGradNorm, beside PyTorch', () => {
  for (const { name, gradients, cases } of groups) {
    for (const { args, results } of cases) {
      for (const dtype of ['float32', 'float64'] as const) {
        it(`${dtype} ${JSON.stringify(args)}, ${name}`, () => {
          const params = gradients.map((encoded) => {
            const param = new nn.Parameter(decode(encoded, dtype) as FloatTensor)
            param.grad = decode(encoded, dtype) as FloatTensor
            return param
          })
          const total = nn.utils.clipGradNorm(params, args.maxNorm, { normType: Number(args.normType) })
          expect(total.shape).to.deep.equal([])
          expect(total.dtype).to.equal(dtype)
          expectClose('total', total, results.total, dtype)
          const clipped = params.flatMap(({ grad }) => [...(grad?.data ?? [])])
          expectClose('gradients', clipped, results.gradients, dtype)
        })
      }
    }
  }
})
