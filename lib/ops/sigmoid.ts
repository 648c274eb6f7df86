import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { asFloat } from './promote.js'

/**
 * The logistic function `1 / (1 + exp(-x))` of every element. Integers and booleans give a float32.
 *
 * @throws TypeError if `x` is not a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html
 */
export function sigmoid(input: Tensor): FloatTensor {
  const x = asFloat('sigmoid', input)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).sigmoidForward(y.elements, x.elements)
  return record('sigmoid', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).sigmoidBackward(dx.elements, dy.elements, y.elements)
    return [dx]
  })
}
