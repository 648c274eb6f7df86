import { checkInteger } from '../check.js'
import type { DType } from '../dtype.js'
import { checkTensor } from '../operand.js'
import { checkDims, checkShape, formatShape } from '../shape.js'
import type { Tensor } from '../tensor.js'
import type { Dims } from './reduction.js'
import { view } from './reshape.js'

/**
 * The same elements, shared, without the dimensions of length 1; or without the given ones, where they are of length 1. An
 * empty list names none.
 *
 * @throws RangeError if a dimension does not exist, or is given twice
 * @see https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
 */
export function squeeze<D extends DType>(x: Tensor<D>, dim?: Dims): Tensor<D> {
  checkTensor('squeeze', 'input', x)
  const none = Array.isArray(dim) && dim.length === 0
  const dims = none ? [] : checkDims('squeeze', dim, x.shape)
  const shape = x.shape.filter((length, i) => length !== 1 || !dims.includes(i))
  return view({ name: 'squeeze', gradFn: `SqueezeBackward${dim === undefined ? 0 : 1}` }, x, shape)
}

/**
 * The same elements, shared, with a new dimension of length 1 at `dim`.
 *
 * @throws RangeError if `dim` is not from -n - 1 to n for a tensor of n dimensions, or n is 16, the most there may be
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
 */
export function unsqueeze<D extends DType>(x: Tensor<D>, dim: number): Tensor<D> {
  checkTensor('unsqueeze', 'input', x)
  const rank = x.shape.length
  checkInteger('unsqueeze', `dim of a tensor of shape ${formatShape(x.shape)}`, dim, -rank - 1, rank)
  const shape = x.shape.toSpliced(dim < 0 ? dim + rank + 1 : dim, 0, 1)
  return view('unsqueeze', x, checkShape('unsqueeze', 'the shape of the result', shape))
}
