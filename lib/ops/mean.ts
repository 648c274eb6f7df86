import { record } from '../autograd.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { div } from './arithmetic.js'
import { expandTo, sumOver } from './broadcast.js'
import { checkReduction, type Dims, type ReduceOptions } from './reduction.js'

/**
 * The mean over some dimensions, or over all; NaN over nothing. Arguments and errors as for {@link sum}.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.mean.html
 */
export function mean(x: Tensor, dim?: Dims | null, options?: ReduceOptions): FloatTensor {
  const { input, dims, kept, shape, count } = checkReduction('mean', x, dim, options)
  const y = div(sumOver(input.detach(), dims), count).withShape(shape)
  return record({ name: 'mean', gradFn: `MeanBackward${dim == null ? 0 : 1}` }, y, [input], (dy) => [
    expandTo(div(dy.withShape(kept), count), input.shape),
  ])
}
