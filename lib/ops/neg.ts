import { checkFloat } from '../operand.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'

/**
 * `-x`, element by element.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.neg.html
 */
export function neg(x: Tensor): FloatTensor {
  checkFloat('neg', 'input', x)
  return mul(x, -1)
}
