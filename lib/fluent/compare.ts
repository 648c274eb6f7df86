import type { DType } from '../dtype.js'
import type { Operand } from '../ops/binary.js'
import { eq, ge, gt, le, lt } from '../ops/compare.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /** Where `this` equals `other`, element by element, broadcasting. */
    eq(other: Operand): Tensor<'bool'>
    /** Where `this > other`, element by element, broadcasting. */
    gt(other: Operand): Tensor<'bool'>
    /** Where `this < other`, element by element, broadcasting. */
    lt(other: Operand): Tensor<'bool'>
    /** Where `this >= other`, element by element, broadcasting. */
    ge(other: Operand): Tensor<'bool'>
    /** Where `this <= other`, element by element, broadcasting. */
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
