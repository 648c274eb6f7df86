import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { div } from './arithmetic.js'

/**
 * The natural logarithm of every element: -infinity of 0, NaN of a negative one.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.log.html
 */
export function log(x: Tensor): FloatTensor {
  checkFloat('log', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).logForward(y.data, x.data)
  return record('log', y, [x], (dy) => [div(dy, x.detach())])
}
