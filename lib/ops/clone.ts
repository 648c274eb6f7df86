import { record } from '../autograd.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { Tensor } from '../tensor.js'

/**
 * A copy of the elements; gradients flow through to the original.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.clone.html
 */
export function clone<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('clone', 'input', x)
  const y = new Tensor<D>(x.data.slice() as typeof x.data, x.shape)
  return isFloatTensor(y) ? record('clone', y, [x], (dy) => [dy]) : y
}
