import { expect } from 'chai'
import { type FloatTensor, noGrad, randn, type Tensor } from '../lib/index.js'

const STEP = 1e-6

/** Float64 inputs with gradients on, of the given shapes. */
export function inputs(...shapes: number[][]): FloatTensor[] {
  return shapes.map((shape) => randn(shape, { dtype: 'float64', requiresGrad: true }))
}

/**
 * Holds the gradients of `fn` against central differences, for every element of every input, in float64.
 *
 * The result is weighted with fixed numbers before it is summed, so that no gradient passes for another by symmetry.
 */
export function gradcheck(
  fn: (...tensors: FloatTensor[]) => Tensor,
  tensors: readonly FloatTensor[],
  bound = 1e-7,
): void {
  const y = fn(...tensors)
  const weights = randn([...y.shape], { dtype: 'float64' })
  y.backward(weights)
  const objective = () =>
    noGrad(() =>
      weights
        .mul(fn(...tensors))
        .sum()
        .item(),
    )
  tensors.forEach((tensor, which) => {
    expect(tensor.grad?.shape, `shape of gradient ${which}`).to.deep.equal(tensor.shape)
    tensor.data.forEach((value, i) => {
      tensor.data[i] = value + STEP
      const above = objective()
      tensor.data[i] = value - STEP
      const below = objective()
      tensor.data[i] = value
      const numeric = (above - below) / (2 * STEP)
      const error = Math.abs((tensor.grad?.data[i] ?? NaN) - numeric) / (1 + Math.abs(numeric))
      expect(error, `element ${i} of gradient ${which}`).to.be.at.most(bound)
    })
  })
}
