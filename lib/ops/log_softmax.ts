import { checkCount } from '../check.js'
import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { checkDim, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { transpose } from './transpose.js'

/**
 * The logarithm of the softmax along a dimension, `x - log(sum(exp(x)))`, without overflow. Any shape; the output has the same.
 *
 * @param dim which dimension; negative ones count from the end
 * @throws TypeError if `x` is not a float tensor
 * @throws RangeError if the dimension does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
 */
export function logSoftmax(x: Tensor, dim: number): FloatTensor {
  checkCount('logSoftmax', arguments.length, 2)
  checkFloat('logSoftmax', 'input', x)
  const axis = checkDim('logSoftmax', dim, x.shape)
  const last = Math.max(x.shape.length - 1, 0)
  if (axis !== last) return transpose(alongRows(transpose(x, axis, last)), axis, last)
  return alongRows(x)
}

function alongRows(x: FloatTensor): FloatTensor {
  const cols = x.shape.at(-1) ?? 1
  const rows = sizeOf(x.shape, 0, x.shape.length - 1)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).logSoftmaxForward(y.elements, x.elements, rows, cols)
  return record('logSoftmax', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).logSoftmaxBackward(dx.elements, dy.elements, x.elements, rows, cols)
    return [dx]
  })
}
