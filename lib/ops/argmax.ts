import { kernels } from '../backend/index.js'
import { checkBoolean, rangeError, readOptions } from '../check.js'
import { checkNumbers, checkTensor, isFloatTensor } from '../operand.js'
import { checkDim, type Shape, splitAround } from '../shape.js'
import { Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'
import { toFloat } from './promote.js'
import { checkNotOptions, type ReduceOptions } from './reduction.js'

/**
 * Where the largest value along a dimension stands, the first of equals; NaN counts as the largest. No gradient.
 *
 * @param dim absent: the index into the flattened tensor
 * @throws TypeError if `x` is not a tensor, or is one of booleans, which PyTorch takes no argmax of either
 * @throws RangeError if the dimension does not exist or has no elements
 * @see https://docs.pytorch.org/docs/stable/generated/torch.argmax.html
 */
export function argmax(x: Tensor, dim?: number | null, options?: ReduceOptions): Tensor<'int32'> {
  checkNumbers('argmax', 'input', x)
  checkNotOptions('argmax', dim)
  return locate('argmax', 'largest', x, dim ?? undefined, options).indices
}

/** Where the extremes of a tensor stand, and how it was taken apart: into (outer, n, inner), along n. */
export interface Located {
  readonly indices: Tensor<'int32'>
  readonly outer: number
  readonly n: number
  readonly inner: number
}

/** Finds the largest or smallest values along a dimension, or of all; NaN counts as either. */
export function locate(
  where: string,
  which: 'largest' | 'smallest',
  x: Tensor,
  dim: number | undefined,
  options?: ReduceOptions,
): Located {
  checkTensor(where, 'input', x)
  const { keepdim } = readOptions(where, options, { keepdim: false })
  checkBoolean(where, 'keepdim', keepdim)
  const axis = dim === undefined ? undefined : checkDim(where, dim, x.shape)
  const [first, last] = axis === undefined ? [0, x.shape.length - 1] : [axis, axis]
  const { outer, n, inner } = splitAround(x.shape, first, last)
  if (n === 0) throw rangeError(where, 'the reduced dimension', 'of one element at least', x)
  const indices = Tensor.empty(reduced(x.shape, first, last, keepdim), 'int32')
  const values = toFloat(x.detach(), isFloatTensor(x) ? x.dtype : 'float64')
  const compared = which === 'largest' ? values : mul(values, -1)
  kernels(values.dtype).argmax(indices.elements, compared.elements, outer, n, inner)
  return { indices, outer, n, inner }
}

function reduced(shape: Shape, first: number, last: number, keepdim: boolean): Shape {
  const within = (dim: number) => dim >= first && dim <= last
  return keepdim ? shape.map((length, dim) => (within(dim) ? 1 : length)) : shape.filter((_, dim) => !within(dim))
}
