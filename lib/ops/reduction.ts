import { checkBoolean, isPlainObject, readOptions, typeError } from '../check.js'
import { checkFloat } from '../operand.js'
import { checkDims, type Shape } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'

/** The options of reductions. */
export interface ReduceOptions {
  /** Keep the reduced dimensions, with length 1. Default: false. */
  keepdim?: boolean | undefined
}

/** One dimension or several, negative ones counted from the end. */
export type Dims = number | readonly number[]

/** The checked arguments of a reduction. */
export interface Reduction {
  readonly input: FloatTensor
  /** The dimensions to reduce, ascending. */
  readonly dims: readonly number[]
  /** The shape of the result, with the reduced dimensions as 1. */
  readonly kept: Shape
  /** The shape of the result as the caller wants it. */
  readonly shape: Shape
  /** How many elements go into each result. */
  readonly count: number
}

/** Checks the arguments that reductions share. */
export function checkReduction(
  where: string,
  input: Tensor,
  dim: Dims | null | undefined,
  options: ReduceOptions | undefined,
): Reduction {
  checkFloat(where, 'input', input)
  checkNotOptions(where, dim)
  const { keepdim } = readOptions(where, options, { keepdim: false })
  checkBoolean(where, 'keepdim', keepdim)
  const dims = checkDims(where, dim ?? undefined, input.shape)
  const kept = input.shape.map((length, i) => (dims.includes(i) ? 1 : length))
  const shape = keepdim ? kept : input.shape.filter((_, i) => !dims.includes(i))
  const count = dims.reduce((product, i) => product * input.shape[i], 1)
  return { input, dims, kept, shape, count }
}

/** Rejects options in the place of the dimension, and shows where they belong. */
export function checkNotOptions(where: string, dim: unknown): void {
  if (!isPlainObject(dim)) return
  const example = `as in ${where}(0) or ${where}(null, { keepdim: true })`
  throw typeError(where, 'dim', `dimensions or null, before options, ${example}`, dim)
}
