import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkNumber, readOptions } from '../check.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { div, mul, sub } from './arithmetic.js'
import { sumOver } from './broadcast.js'
import { checkReduction, type Dims, type ReduceOptions } from './reduction.js'
import { sqrt } from './sqrt.js'

/** The options of variance and standard deviation. */
export interface VarOptions extends ReduceOptions {
  /** What is taken from the count in the divisor. Default: 1, the unbiased variance (Bessel's correction). */
  correction?: number | undefined
}

/**
 * The variance over some dimensions, or over all: the squared distances from the mean, summed and divided by
 * `max(0, count - correction)`. Other arguments and errors as for {@link sum}.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.var.html
 */
export function variance(x: Tensor, dim?: Dims, options?: VarOptions): FloatTensor {
  return centralMoment('var', x, dim, options)
}

/**
 * The standard deviation: the square root of {@link variance}, with the same arguments.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.std.html
 */
export function std(x: Tensor, dim?: Dims, options?: VarOptions): FloatTensor {
  const moment = centralMoment('std', x, dim, options)
  const y = sqrt(moment.detach())
  return record('std', y, [moment], (dy) => {
    const slope = div(dy, mul(y.detach(), 2))
    const dMoment = Tensor.empty(y.shape, y.dtype)
    // Where all values are the same, the root is infinitely steep; as in PyTorch, they are then pulled neither way.
    kernels(y.dtype).reluBackward(dMoment.data, slope.data, y.data)
    return [dMoment]
  })
}

function centralMoment(where: string, x: Tensor, dim: Dims | undefined, options?: VarOptions): FloatTensor {
  const { correction, ...rest } = readOptions(where, options, { correction: 1, keepdim: false })
  checkNumber(where, 'correction', correction)
  const { input, dims, kept, shape, count } = checkReduction(where, x, dim, rest)
  const divisor = Math.max(0, count - correction)
  const values = input.detach()
  const distances = sub(values, div(sumOver(values, dims), count))
  const y = div(sumOver(mul(distances, distances), dims), divisor).withShape(shape)
  return record('var', y, [input], (dy) => [mul(mul(distances, 2 / divisor), dy.withShape(kept))])
}
