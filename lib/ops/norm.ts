import { kernels } from '../backend/index.js'
import { rangeError } from '../check.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The p-norm of all elements of several tensors of one dtype, a tensor without dimensions: the norm of their norms, as
 * PyTorch computes it. It is not recorded: no gradient flows through.
 *
 * @param tensors at least one
 * @throws RangeError if a tensor has no elements, and `p` is infinite or negative
 */
export function totalNorm(where: string, tensors: readonly FloatTensor[], p: number): FloatTensor {
  const [{ dtype }] = tensors
  const norms = Tensor.empty([tensors.length], dtype)
  tensors.forEach((tensor, i) => {
    if (tensor.size === 0 && (p < 0 || p === Infinity)) {
      throw rangeError(where, 'every tensor', `of one element at least, for a norm of type ${p}`, tensor)
    }
    kernels(dtype).norm(norms.elements.subarray(i, i + 1), tensor.elements, tensor.size, p)
  })
  const total = Tensor.empty([], dtype)
  kernels(dtype).norm(total.elements, norms.elements, norms.size, p)
  return total
}
