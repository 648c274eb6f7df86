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
    /**
     * The sum `x1 + ... + xn` over some dimensions, or over all; 0 over nothing. Shape: without those dimensions, or with `keepdim`
     * with 1 in their place. Integers and booleans give an int32.
     *
     * @param dim which dimensions to reduce, negative ones counted from the end; absent or empty: all
     * @throws TypeError if an argument is of the wrong kind
     * @throws RangeError if a dimension does not exist or is named twice, or an integer sum does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.sum.html
     */
    sum(dim?: Dims | null, options?: ReduceOptions): Promoted<D>

    /**
     * The mean `(x1 + ... + xn) / n` over some dimensions, or over all; NaN over nothing. Shape: without those dimensions, or with `keepdim`
     * with 1 in their place.
     *
     * @param dim which dimensions to reduce, negative ones counted from the end; absent or empty: all
     * @throws TypeError if this is not a float tensor
     * @throws RangeError if a dimension does not exist or is named twice
     * @see https://docs.pytorch.org/docs/stable/generated/torch.mean.html
     */
    mean(dim?: Dims | null, options?: ReduceOptions): FloatTensor

    /**
     * The variance over some dimensions, or over all: `sum((x - mean)^2) / max(0, n - correction)`. Shape: without
     * those dimensions, or with `keepdim` with 1 in their place.
     *
     * @param dim which dimensions to reduce, negative ones counted from the end; absent or empty: all
     * @param options `correction` defaults to 1, the unbiased variance
     * @throws TypeError if this is not a float tensor
     * @throws RangeError if a dimension does not exist or is named twice
     * @see https://docs.pytorch.org/docs/stable/generated/torch.var.html
     */
    var(dim?: Dims | null, options?: VarOptions): FloatTensor

    /**
     * The standard deviation over some dimensions, or over all: the square root of {@link var}. Shape: without those
     * dimensions, or with `keepdim` with 1 in their place.
     *
     * @param dim which dimensions to reduce, negative ones counted from the end; absent or empty: all
     * @param options `correction` defaults to 1, the unbiased variance
     * @throws TypeError if this is not a float tensor
     * @throws RangeError if a dimension does not exist or is named twice
     * @see https://docs.pytorch.org/docs/stable/generated/torch.std.html
     */
    std(dim?: Dims | null, options?: VarOptions): FloatTensor

    /**
     * The largest `max(x1, ..., xn)` of all elements; NaN counts as the largest. Shape: []. The gradient is spread evenly over all that
     * equal it.
     *
     * @throws RangeError if there are no elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.max.html
     */
    max(): Tensor<D>

    /**
     * The largest values along a dimension, and where they stand: the first of equals, which gets the gradient. Shape:
     * without that dimension, or with `keepdim` with 1 in its place.
     *
     * `values = max(x1, ..., xn)`, `indices = min { i : xi = values }`; NaN counts as the largest.
     *
     * @param dim which dimension; negative ones count from the end
     * @throws RangeError if the dimension does not exist or has no elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.max.html
     */
    max(dim: number, options?: ReduceOptions): Extremes<D>

    /**
     * The smallest `min(x1, ..., xn)` of all elements; NaN counts as the smallest. Shape: []. The gradient is spread evenly over all that
     * equal it.
     *
     * @throws RangeError if there are no elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.min.html
     */
    min(): Tensor<D>

    /**
     * The smallest values along a dimension, and where they stand: the first of equals, which gets the gradient. Shape:
     * without that dimension, or with `keepdim` with 1 in its place.
     *
     * `values = min(x1, ..., xn)`, `indices = min { i : xi = values }`; NaN counts as the smallest.
     *
     * @param dim which dimension; negative ones count from the end
     * @throws RangeError if the dimension does not exist or has no elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.min.html
     */
    min(dim: number, options?: ReduceOptions): Extremes<D>

    /**
     * Where the largest value along a dimension stands, the first of equals; NaN counts as the largest. Shape: without
     * that dimension, or with `keepdim` with 1 in its place. No gradient.
     *
     * `min { i : xi = max(x1, ..., xn) }`
     *
     * @param dim which dimension; absent: the place in the flattened tensor
     * @throws TypeError if this tensor is of booleans
     * @throws RangeError if the dimension does not exist, or there are no elements to choose from
     * @see https://docs.pytorch.org/docs/stable/generated/torch.argmax.html
     */
    argmax(dim?: number | null, options?: ReduceOptions): Tensor<'int32'>
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
