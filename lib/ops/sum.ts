import { record } from '../autograd.js'
import { copyOf } from '../copy.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { expandTo, sumOver } from './broadcast.js'
import { toFloat, toInteger } from './promote.js'
import { checkReduction, type Dims, type ReduceOptions } from './reduction.js'

/**
 * The sum over some dimensions, or over all; 0 over nothing. Integers and booleans are summed to an int32.
 *
 * @param dim which dimensions to sum over; absent or empty: all
 * @throws TypeError if `x` is not a tensor
 * @throws RangeError if a dimension does not exist or is named twice, or an integer sum does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sum.html
 */
export function sum(x: FloatTensor, dim?: Dims | null, options?: ReduceOptions): FloatTensor
export function sum(x: Tensor, dim?: Dims | null, options?: ReduceOptions): Tensor
export function sum(x: Tensor, dim?: Dims | null, options?: ReduceOptions): Tensor {
  checkTensor('sum', 'input', x)
  return isFloatTensor(x)
    ? sumOfFloats(x, dim, options)
    : toInteger('sum', sumOfFloats(toFloat(x, 'float64'), dim, options), 'int32')
}

function sumOfFloats(x: Tensor, dim?: Dims | null, options?: ReduceOptions): FloatTensor {
  const { input, dims, kept, shape } = checkReduction('sum', x, dim, options)
  const total = sumOver(input, dims)
  // Summing over no dimension passes the input's own values through: they are copied, to be the result's own.
  const y = total === input ? copyOf(input, shape) : total.withShape(shape)
  return record({ name: 'sum', gradFn: `SumBackward${dim == null ? 0 : 1}` }, y, [input], (dy) => [
    expandTo(dy.withShape(kept), input.shape),
  ])
}
