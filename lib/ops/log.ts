import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { div } from './arithmetic.js'
import { asFloat } from './promote.js'

/**
 * The natural logarithm of every element: -infinity of 0, NaN of a negative one. Integers and booleans give a float32.
 *
 * @throws TypeError if `x` is not a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.log.html
 */
export function log(input: Tensor): FloatTensor {
  const x = asFloat('log', input)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).logForward(y.elements, x.elements)
  return record('log', y, [x], (dy) => [div(dy, x.detach())])
}
