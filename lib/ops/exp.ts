import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'

/**
 * The exponential of every element.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.exp.html
 */
export function exp(x: Tensor): FloatTensor {
  checkFloat('exp', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).expForward(y.data, x.data)
  return record('exp', y, [x], (dy) => [mul(dy, y.detach())])
}
