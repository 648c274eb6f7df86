import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'
import { asFloat } from './promote.js'

/**
 * The exponential of every element. Integers and booleans give a float32.
 *
 * @throws TypeError if `x` is not a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.exp.html
 */
export function exp(input: Tensor): FloatTensor {
  const x = asFloat('exp', input)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).expForward(y.elements, x.elements)
  return record('exp', y, [x], (dy) => [mul(dy, y.detach())])
}
