import type { DType } from '../dtype.js'
import { add, div, mul, sub } from '../ops/arithmetic.js'
import type { Operand } from '../ops/binary.js'
import { matmul, mm } from '../ops/matmul.js'
import { pow } from '../ops/pow.js'
import type { Promoted } from '../ops/promote.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /** `this + other`, element by element, broadcasting. */
    add(other: Operand): Promoted<D>
    /** `this - other`, element by element, broadcasting. */
    sub(other: Operand): Promoted<D>
    /** `this * other`, element by element, broadcasting. */
    mul(other: Operand): Promoted<D>
    /** `this / other`, element by element, broadcasting. */
    div(other: Operand): FloatTensor
    /** `this ^ exponent`, element by element, broadcasting. */
    pow(exponent: Operand): FloatTensor
    /** The matrix product of the last two dimensions; those before them broadcast. A vector is a row, or a column. */
    matmul(other: Tensor): FloatTensor
    /** The product of two matrices. */
    mm(other: Tensor): FloatTensor
  }
}

defineMethods({
  add,
  div,
  matmul,
  mm,
  mul,
  pow,
  sub,
})
