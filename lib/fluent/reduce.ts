import type { DType } from '../dtype.js'
import { argmax } from '../ops/argmax.js'
import { type Extremes, max, min } from '../ops/extreme.js'
import { mean } from '../ops/mean.js'
import type { Promoted } from '../ops/promote.js'
import type { Dims, ReduceOptions } from '../ops/reduction.js'
import { sum } from '../ops/sum.js'
import { std, variance, type VarOptions } from '../ops/var.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /** The sum over some dimensions, or over all; of integers and booleans as an int32. */
    sum(dim?: Dims, options?: ReduceOptions): Promoted<D>
    /** The mean over some dimensions, or over all. */
    mean(dim?: Dims, options?: ReduceOptions): FloatTensor
    /** The variance over some dimensions, or over all; unbiased unless `correction` is 0. */
    var(dim?: Dims, options?: VarOptions): FloatTensor
    /** The standard deviation over some dimensions, or over all; of the unbiased variance unless `correction` is 0. */
    std(dim?: Dims, options?: VarOptions): FloatTensor
    /** The largest value. */
    max(): Tensor<D>
    /** The largest values along a dimension, and where they stand. */
    max(dim: number, options?: ReduceOptions): Extremes<D>
    /** The smallest value. */
    min(): Tensor<D>
    /** The smallest values along a dimension, and where they stand. */
    min(dim: number, options?: ReduceOptions): Extremes<D>
    /** Where the largest value along a dimension stands, or in all the tensor, flattened. */
    argmax(dim?: number, options?: ReduceOptions): Tensor<'int32'>
  }
}

defineMethods({
  argmax,
  max,
  mean,
  min,
  std,
  sum,
  var: variance,
})
