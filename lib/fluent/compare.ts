import type { DType } from '../dtype.js'
import type { Operand } from '../ops/binary.js'
import { eq, ge, gt, le, lt } from '../ops/compare.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /**
     * Whether `this == other`, element by element. Shape: that of both, broadcast. No gradient. NaN equals nothing.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.eq.html
     */
    eq(other: Operand): Tensor<'bool'>

    /**
     * Whether `this > other`, element by element. Shape: that of both, broadcast. No gradient. Never with NaN.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.gt.html
     */
    gt(other: Operand): Tensor<'bool'>

    /**
     * Whether `this < other`, element by element. Shape: that of both, broadcast. No gradient. Never with NaN.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.lt.html
     */
    lt(other: Operand): Tensor<'bool'>

    /**
     * Whether `this >= other`, element by element. Shape: that of both, broadcast. No gradient. Never with NaN.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.ge.html
     */
    ge(other: Operand): Tensor<'bool'>

    /**
     * Whether `this <= other`, element by element. Shape: that of both, broadcast. No gradient. Never with NaN.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.le.html
     */
    le(other: Operand): Tensor<'bool'>
  }
}

defineMethods({
  eq,
  ge,
  gt,
  le,
  lt,
})
