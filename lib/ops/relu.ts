import { checkCount } from '../check.js'
import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import type { DType } from '../dtype.js'
import { checkNumbers, isFloatTensor } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'
import { gt } from './compare.js'

/**
 * The rectified linear unit `max(x, 0)`, element by element. NaN stays NaN. The gradient at 0 is 0. Any shape; the
 * output has the same. Integers stay an int32.
 *
 * @throws TypeError if `x` is not a tensor, or a bool tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 */
export function relu<D extends DType>(x: Tensor<D>): Tensor<D>
export function relu(x: Tensor): Tensor {
  checkCount('relu', arguments.length, 1)
  checkNumbers('relu', 'input', x)
  return isFloatTensor(x) ? reluOfFloats(x) : mul(x, gt(x, 0))
}

function reluOfFloats(x: FloatTensor): FloatTensor {
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).reluForward(y.elements, x.elements)
  return record('relu', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).reluBackward(dx.elements, dy.elements, y.elements)
    return [dx]
  })
}
