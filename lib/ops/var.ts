import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkNumber, readOptions } from '../check.js'
import { collapse, sizeOf, stridesOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { checkReduction, type Dims, type ReduceOptions } from './reduction.js'

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
export function variance(x: Tensor, dim?: Dims | null, options?: VarOptions): FloatTensor {
  return centralMoment('var', x, dim ?? undefined, options)
}

/**
 * The standard deviation: the square root of {@link variance}, with the same arguments.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.std.html
 */
export function std(x: Tensor, dim?: Dims | null, options?: VarOptions): FloatTensor {
  return centralMoment('std', x, dim ?? undefined, options)
}

function centralMoment(where: 'var' | 'std', x: Tensor, dim: Dims | undefined, options?: VarOptions): FloatTensor {
  const { correction, ...rest } = readOptions(where, options, { correction: 1, keepdim: false })
  checkNumber(where, 'correction', correction)
  const { input, dims, shape, count } = checkReduction(where, x, dim, rest)
  const compute = kernels(input.dtype)
  const isRoot = where === 'std'

  // The dimensions to reduce come last, so that each result is made of one row.
  const others = input.shape.map((_, i) => i).filter((i) => !dims.includes(i))
  const order = [...others, ...dims]
  const rows = permuted(input, order)
  const sizes = [sizeOf(shape), count] as const
  const y = Tensor.empty(shape, input.dtype)
  const mean = temporaryDoubles(y.size)
  const root = temporaryDoubles(y.size)
  const divisor = Math.max(0, count - correction)
  compute.varForward(y.elements, mean, root, rows.elements, ...sizes, divisor, isRoot)

  return record(where, y, [input], (dy) => {
    const dRows = Tensor.empty(rows.shape, input.dtype)
    // As in PyTorch, a count below the correction divides by a negative number where a dimension is named.
    const slope = dim === undefined || input.shape.length === 0 ? divisor : count - correction
    compute.varBackward(dRows.elements, dy.elements, rows.elements, mean, root, ...sizes, slope, isRoot)
    return [permuted(dRows, inverse(order))]
  })
}

/** The tensor with its dimensions in another order, copied unless they stay in theirs. Not recorded. */
function permuted(x: FloatTensor, order: readonly number[]): FloatTensor {
  if (order.every((dim, i) => dim === i)) return x.detach()
  const strides = stridesOf(x.shape)
  const y = Tensor.empty(
    order.map((dim) => x.shape[dim]),
    x.dtype,
  )
  const walk = collapse(
    y.shape,
    order.map((dim) => strides[dim]),
  )
  kernels(x.dtype).copyStrided(y.elements, x.elements, walk.shape, walk.strides[0])
  return y
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, i) => order.indexOf(i))
}
