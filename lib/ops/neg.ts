import type { DType } from '../dtype.js'
import { checkNumbers, isFloatTensor } from '../operand.js'
import type { Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'
import { toFloat, toInteger } from './promote.js'

/**
 * `-x`, element by element. Integers stay an int32.
 *
 * @throws TypeError if `x` is not a tensor, or a bool tensor
 * @throws RangeError if an integer result does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.neg.html
 */
export function neg<D extends DType>(x: Tensor<D>): Tensor<D>
export function neg(x: Tensor): Tensor {
  checkNumbers('neg', 'input', x)
  return isFloatTensor(x) ? mul(x, -1) : toInteger('neg', mul(toFloat(x, 'float64'), -1), 'int32')
}
