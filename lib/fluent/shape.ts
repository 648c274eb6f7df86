import type { DType } from '../dtype.js'
import { clone } from '../ops/clone.js'
import { flatten, reshape } from '../ops/reshape.js'
import { slice } from '../ops/slice.js'
import { squeeze, unsqueeze } from '../ops/squeeze.js'
import { t, transpose } from '../ops/transpose.js'
import type { Shape } from '../shape.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /** A copy of the elements; gradients flow through to this tensor. */
    clone(): Tensor<D>
    /** The same elements, shared, in another shape; one length may be -1. */
    reshape(shape: Shape): Tensor<D>
    /** The same elements, shared, in one dimension. */
    flatten(): Tensor<D>
    /** The same elements, shared, without the dimensions of length 1, or without the given one if it is. */
    squeeze(dim?: number): Tensor<D>
    /** The same elements, shared, with a new dimension of length 1 at `dim`. */
    unsqueeze(dim: number): Tensor<D>
    /** A copy of the elements from `start` up to `end` along a dimension; bounds as in Python. */
    slice(dim: number, start: number, end: number): Tensor<D>
    /** A copy with two dimensions swapped. */
    transpose(dim0: number, dim1: number): FloatTensor
    /** The transpose of a matrix. */
    t(): FloatTensor
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
