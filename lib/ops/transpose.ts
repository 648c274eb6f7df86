import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { rangeError } from '../check.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { checkDim, collapse, stridesOf } from '../shape.js'
import { Tensor } from '../tensor.js'

/**
 * The tensor with two dimensions swapped, copied into row-major order.
 *
 * @throws TypeError if `x` is not a tensor, or a dimension not a number
 * @throws RangeError if a dimension does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.transpose.html
 */
export function transpose<D extends DType>(x: Tensor<D>, dim0: number, dim1: number): Tensor<D>
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  checkTensor('transpose', 'input', x)
  return exchanged('transpose', x, checkDim('transpose', dim0, x.shape), checkDim('transpose', dim1, x.shape))
}

/**
 * The transpose of a matrix; a tensor of fewer dimensions as it is.
 *
 * @throws TypeError if `x` is not a tensor
 * @throws RangeError if there are more than two dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.t.html
 */
export function t<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('t', 'input', x)
  if (x.shape.length > 2) throw rangeError('t', 'input', 'of at most two dimensions', x)
  return x.shape.length < 2 ? x : exchanged('t', x, 0, 1)
}

function exchanged<D extends DType>(name: string, x: Tensor<D>, first: number, second: number): Tensor<D>
function exchanged(name: string, x: Tensor, first: number, second: number): Tensor {
  const y = swapped(x, first, second)
  return isFloatTensor(y) ? record(name, y, [x], (dy) => [swapped(dy, first, second)]) : y
}

function swapped<D extends DType>(x: Tensor<D>, first: number, second: number): Tensor<D> {
  const swap = (values: readonly number[]) =>
    values.map((value, dim) => (dim === first ? values[second] : dim === second ? values[first] : value))
  const y = Tensor.empty(swap(x.shape), x.dtype)
  const walk = collapse(y.shape, swap(stridesOf(x.shape)))
  kernels(x.dtype).copyStrided(y.elements, x.elements, walk.shape, walk.strides[0])
  return y
}
