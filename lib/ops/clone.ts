import { record } from '../autograd.js'
import { runScript } from '../backend/index.js'
import { copyOf } from '../copy.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { copyValues } from './promote.js'

/**
 * A copy of the elements; gradients flow through to the original.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.clone.html
 */
export function clone<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('clone', 'input', x)
  if (!isFloatTensor(x)) return copyOfIntegers(x)
  return record('clone', copyOf(x), [x], (dy) => [dy]) as Tensor<D> & FloatTensor
}

function copyOfIntegers<D extends DType>(x: Tensor<D>): Tensor<D> {
  const y = Tensor.empty(x.shape, x.dtype)
  runScript(copyValues, y.elements, x.elements)
  return y
}
