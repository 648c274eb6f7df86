import { expect } from 'chai'
import { nn, type Tensor, tensor, zeros } from '../../lib/index.js'

const { clipGradNorm } = nn.utils

/** A parameter with this gradient. */
function withGrad(...grad: number[]): Tensor {
  const param = new nn.Parameter(zeros([grad.length]))
  param.grad = tensor(grad)
  return param
}

const gradOf = ({ grad }: Tensor) => [...(grad?.data ?? [])]

describe('clipGradNorm', () => {
  it('scales the gradients of all parameters by one factor, in place, and returns the norm from before', () => {
    const [x, y] = [withGrad(3, 0), withGrad(-4)]
    const arrays = [x.grad?.data, y.grad?.data]
    const total = clipGradNorm([x, y], 0.5)
    expect(total.item()).to.equal(5)
    expect(x.grad?.data).to.equal(arrays[0])
    expect(y.grad?.data).to.equal(arrays[1])
    // The 1e-6 beside a norm of 5 takes 2e-7 off.
    expect(gradOf(x)[0]).to.be.closeTo(0.3 * (1 - 2e-7), 3e-8)
    expect(gradOf(y)[0]).to.be.closeTo(-0.4 * (1 - 2e-7), 3e-8)
  })

  it('leaves smaller gradients as they are, bit for bit', () => {
    const values = [0.1, -0.2, 1e-30, 0.3]
    for (const maxNorm of [0.5, 1e30, Infinity]) {
      const x = withGrad(...values)
      clipGradNorm(x, maxNorm)
      expect(x.grad?.data).to.deep.equal(Float32Array.from(values))
    }
  })

  it('takes a single tensor, and passes over what has no gradient', () => {
    const x = withGrad(2)
    expect(clipGradNorm(x, 1, { normType: Infinity }).item()).to.equal(2)
    expect(clipGradNorm([x, zeros([3])], 10, { normType: 1 }).item()).to.equal(gradOf(x)[0])
    expect(clipGradNorm([zeros([3])], 1).toArray()).to.equal(0)
    expect(clipGradNorm([], 1).toArray()).to.equal(0)
  })

  it('makes of an infinite norm what PyTorch makes of it', () => {
    const x = withGrad(1, -Infinity)
    expect(clipGradNorm([x], 1).item()).to.equal(Infinity)
    expect(gradOf(x)).to.deep.equal([0, NaN])
    const y = withGrad(1, NaN)
    expect(clipGradNorm([y], 1).item()).to.deep.equal(NaN)
    expect(gradOf(y)).to.deep.equal([NaN, NaN])
  })

  it('changes nothing if a norm that is not finite is an error', () => {
    const x = withGrad(1, NaN)
    expect(() => clipGradNorm([x], 1, { errorIfNonfinite: true })).to.throw(
      RangeError,
      'clipGradNorm: expected the total norm of the gradients to be finite, got number NaN',
    )
    expect(gradOf(x)).to.deep.equal([1, NaN])
  })

  it('clips gradients whose squares float32 cannot hold', () => {
    const x = withGrad(3e30, 4e30)
    expect(clipGradNorm([x], 1).item()).to.equal(Math.fround(5e30))
    expect(gradOf(x)[0]).to.be.closeTo(0.6, 2e-7)
  })

  const x = withGrad(3)
  const double = tensor([1], { dtype: 'float64' })
  double.grad = tensor([1], { dtype: 'float64' })
  const rejected: [call: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => clipGradNorm(1 as never, 1), TypeError, 'params to be a tensor or an array of tensors, got number 1'],
    [() => clipGradNorm([x, 1 as never], 1), TypeError, 'clipGradNorm: expected params[1] to be a tensor'],
    [() => clipGradNorm([x], '1' as never), TypeError, 'clipGradNorm: expected maxNorm to be a number, got "1"'],
    [() => clipGradNorm([x], -1), RangeError, 'clipGradNorm: expected maxNorm to be at least 0, got number -1'],
    [() => clipGradNorm([x], NaN), RangeError, 'clipGradNorm: expected maxNorm to be at least 0, got number NaN'],
    [
      () => clipGradNorm([x], 1, { normType: 'inf' as never }),
      TypeError,
      'expected normType to be a number, got "inf"',
    ],
    [() => clipGradNorm([x], 1, { normType: NaN }), RangeError, 'expected normType to be a number or an infinity'],
    [() => clipGradNorm([x], 1, { norm_type: 1 } as never), TypeError, 'did you mean normType?'],
    [() => clipGradNorm([x], 1, { errorIfNonfinite: 1 as never }), TypeError, 'errorIfNonfinite to be a boolean'],
    [() => clipGradNorm([x, double], 1), TypeError, 'clipGradNorm: expected params[1].grad to be a float32 tensor'],
    [() => clipGradNorm([x, withGrad()], 1, { normType: Infinity }), RangeError, 'for a norm of type Infinity'],
  ]
  for (const [call, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(call).to.throw(type, message)
      expect(gradOf(x)).to.deep.equal([3])
    })
  }
})
