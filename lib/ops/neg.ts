import { record } from '../autograd.js'
import type { DType } from '../dtype.js'
import { checkNumbers, isFloatTensor } from '../operand.js'
import type { Tensor } from '../tensor.js'
import { negated } from './arithmetic.js'
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
  if (isFloatTensor(x)) return record('neg', negated(x), [x], (dy) => [negated(dy)])
  return toInteger('neg', negated(toFloat(x, 'float64')), 'int32')
}
