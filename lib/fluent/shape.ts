import type { DType } from '../dtype.js'
import { clone } from '../ops/clone.js'
import type { Dims } from '../ops/reduction.js'
import { flatten, reshape } from '../ops/reshape.js'
import { slice } from '../ops/slice.js'
import { squeeze, unsqueeze } from '../ops/squeeze.js'
import { t, transpose } from '../ops/transpose.js'
import type { Shape } from '../shape.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /**
     * A copy of the elements. Shape: the same. Gradients flow through to this tensor.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.clone.html
     */
    clone(): Tensor<D>

    /**
     * The same elements, shared, in another shape.
     *
     * @param shape whose product is the number of elements; one length may be -1, and is what the others leave
     * @throws TypeError if `shape` is not an array of numbers
     * @throws RangeError if it does not hold as many elements, or -1 could be any length beside one of 0
     * @see https://docs.pytorch.org/docs/stable/generated/torch.reshape.html
     */
    reshape(shape: Shape): Tensor<D>

    /**
     * The same elements, shared, in one dimension. Shape: [size].
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
     */
    flatten(): Tensor<D>

    /**
     * The same elements, shared, without the dimensions of length 1.
     *
     * @param dim the only ones to leave out, if their length is 1; absent: all of them
     * @throws RangeError if a dimension does not exist, or is given twice
     * @see https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
     */
    squeeze(dim?: Dims): Tensor<D>

    /**
     * The same elements, shared, with a new dimension of length 1 at `dim`.
     *
     * @param dim from -n - 1 to n for a tensor of n dimensions
     * @throws RangeError if it is not, or n is 16, the most there may be
     * @see https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
     */
    unsqueeze(dim: number): Tensor<D>

    /**
     * A copy of the elements from `start` up to, not including, `end` along a dimension: `x[start:end]` for the first
     * one. Negative bounds count from the end, and bounds outside are moved to the nearest one.
     *
     * @param dim which dimension; negative ones count from the end
     * @throws TypeError if an argument is not a number
     * @throws RangeError if the dimension does not exist, or a bound is not an integer
     * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.narrow.html
     */
    slice(dim: number, start: number, end: number): Tensor<D>

    /**
     * A copy with two dimensions swapped; negative ones count from the end.
     *
     * @throws TypeError if a dimension is not a number
     * @throws RangeError if a dimension does not exist
     * @see https://docs.pytorch.org/docs/stable/generated/torch.transpose.html
     */
    transpose(dim0: number, dim1: number): Tensor<D>

    /**
     * The transpose of a matrix, copied. Shape: (n, m) of (m, n); a tensor of fewer dimensions as it is.
     *
     * @throws RangeError if it has more than two dimensions
     * @see https://docs.pytorch.org/docs/stable/generated/torch.t.html
     */
    t(): Tensor<D>
  }
}

defineMethods({
  clone,
  flatten,
  reshape,
  slice,
  squeeze,
  t,
  transpose,
  unsqueeze,
})
