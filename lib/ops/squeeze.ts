import { checkInteger } from '../check.js'
import type { DType } from '../dtype.js'
import { checkTensor } from '../operand.js'
import { checkDim, formatShape } from '../shape.js'
import type { Tensor } from '../tensor.js'
import { view } from './reshape.js'

/**
 * The same elements, shared, without the dimensions of length 1; or without the given one, if it is of length 1.
 *
 * @throws RangeError if the dimension does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
 */
export function squeeze<D extends DType>(x: Tensor<D>, dim?: number): Tensor<D> {
  checkTensor('squeeze', 'input', x)
  const axis = dim === undefined ? undefined : checkDim('squeeze', dim, x.shape)
  const shape = x.shape.filter((length, i) => length !== 1 || (axis !== undefined && i !== axis))
  return view('squeeze', x, shape)
}

/**
 * The same elements, shared, with a new dimension of length 1 at `dim`.
 *
 * @throws RangeError if `dim` is not from -n - 1 to n for a tensor of n dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
 */
export function unsqueeze<D extends DType>(x: Tensor<D>, dim: number): Tensor<D> {
  checkTensor('unsqueeze', 'input', x)
  const rank = x.shape.length
  checkInteger('unsqueeze', `dim of a tensor of shape ${formatShape(x.shape)}`, dim, -rank - 1, rank)
  return view('unsqueeze', x, x.shape.toSpliced(dim < 0 ? dim + rank + 1 : dim, 0, 1))
}
