import { checkCount } from '../check.js'
import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { checkDim, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { transpose } from './transpose.js'

/**
 * The softmax along a dimension, `exp(x) / sum(exp(x))`, without overflow. Any shape; the output has the same.
 *
 * @param dim which dimension; negative ones count from the end
 * @throws TypeError if `x` is not a float tensor
 * @throws RangeError if the dimension does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
 */
export function softmax(x: Tensor, dim: number): FloatTensor {
  checkCount('softmax', arguments.length, 2)
  checkFloat('softmax', 'input', x)
  const axis = checkDim('softmax', dim, x.shape)
  const last = Math.max(x.shape.length - 1, 0)
  if (axis !== last) return transpose(alongRows(transpose(x, axis, last)), axis, last)
  return alongRows(x)
}

/** The softmax along the last dimension; rows of which every value is -infinity become zeros instead of NaN. */
export function safeSoftmax(x: FloatTensor): FloatTensor {
  const { rows, cols } = rowsOf(x)
  const compute = kernels(x.dtype)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  compute.safeSoftmaxForward(y.elements, x.elements, rows, cols)
  return record('softmax', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) compute.safeSoftmaxBackward(dx.elements, dy.elements, y.elements, rows, cols)
    return [dx]
  })
}

function alongRows(x: FloatTensor): FloatTensor {
  const { rows, cols } = rowsOf(x)
  const compute = kernels(x.dtype)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  compute.softmaxForward(y.elements, x.elements, rows, cols)
  return record('softmax', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) compute.softmaxBackward(dx.elements, dy.elements, x.elements, rows, cols)
    return [dx]
  })
}

function rowsOf({ shape }: FloatTensor) {
  return { rows: sizeOf(shape, 0, shape.length - 1), cols: shape.at(-1) ?? 1 }
}
