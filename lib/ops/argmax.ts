import { kernels } from '../backend/index.js'
import { checkBoolean, rangeError, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
import { checkDim, splitAround } from '../shape.js'
import { Tensor } from '../tensor.js'
import type { ReduceOptions } from './reduction.js'

/**
 * Where the largest value along a dimension stands, the first of equals; NaN counts as the largest. No gradient.
 *
 * @param dim absent: the index into the flattened tensor
 * @throws TypeError if `x` is not a float tensor
 * @throws RangeError if the dimension does not exist or has no elements
 * @see https://docs.pytorch.org/docs/stable/generated/torch.argmax.html
 */
export function argmax(x: Tensor, dim?: number, options?: ReduceOptions): Tensor<'int32'> {
  checkFloat('argmax', 'input', x)
  const { keepdim } = readOptions('argmax', options, { keepdim: false })
  checkBoolean('argmax', 'keepdim', keepdim)
  const last = x.shape.length - 1
  const [first, end] =
    dim === undefined ? [0, last] : [checkDim('argmax', dim, x.shape), checkDim('argmax', dim, x.shape)]
  const { outer, n, inner } = splitAround(x.shape, first, end)
  if (n === 0) throw rangeError('argmax', 'the reduced dimension', 'of one element at least', x)
  const within = (i: number) => i >= first && i <= end
  const shape = keepdim ? x.shape.map((length, i) => (within(i) ? 1 : length)) : x.shape.filter((_, i) => !within(i))
  const indices = Tensor.empty(shape, 'int32')
  kernels(x.dtype).argmax(indices.data, x.data, outer, n, inner)
  return indices
}
