import { record } from '../autograd.js'
import type { FloatDType } from '../dtype.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { expandTo, sumOver } from './broadcast.js'
import { checkReduction, type Dims, type ReduceOptions } from './reduction.js'

/**
 * The sum over some dimensions, or over all; 0 over nothing.
 *
 * @param dim which dimensions to sum over; absent or empty: all
 * @throws TypeError if `x` is not a float tensor
 * @throws RangeError if a dimension does not exist or is named twice
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sum.html
 */
export function sum(x: Tensor, dim?: Dims, options?: ReduceOptions): FloatTensor {
  const { input, dims, kept, shape } = checkReduction('sum', x, dim, options)
  const total = sumOver(input, dims)
  // Summing over no dimension passes the input's own values through: they are copied, to be the result's own.
  const y = total === input ? new Tensor<FloatDType>(input.data.slice(), shape) : total.withShape(shape)
  return record('sum', y, [input], (dy) => [expandTo(dy.withShape(kept), input.shape)])
}
