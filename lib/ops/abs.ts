import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import type { DType } from '../dtype.js'
import { checkNumbers, isFloatTensor } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { toFloat, toInteger } from './promote.js'

/**
 * The absolute value of every element. The gradient at 0 is 0. Integers stay an int32.
 *
 * @throws TypeError if `x` is not a tensor, or a bool tensor
 * @throws RangeError if an integer result does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.abs.html
 */
export function abs<D extends DType>(x: Tensor<D>): Tensor<D>
export function abs(x: Tensor): Tensor {
  checkNumbers('abs', 'input', x)
  return isFloatTensor(x) ? absOfFloats(x) : toInteger('abs', absOfFloats(toFloat(x, 'float64')), 'int32')
}

function absOfFloats(x: FloatTensor): FloatTensor {
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).absForward(y.elements, x.elements)
  return record('abs', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).absBackward(dx.elements, dy.elements, x.elements)
    return [dx]
  })
}
