import { record } from '../autograd.js'
import { copyOf } from '../copy.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import type { FloatTensor, Tensor } from '../tensor.js'

/**
 * A copy of the elements; gradients flow through to the original.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.clone.html
 */
export function clone<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('clone', 'input', x)
  const y = copyOf(x)
  return isFloatTensor(x) ? (record('clone', y as FloatTensor, [x], (dy) => [dy]) as Tensor<D> & FloatTensor) : y
}
