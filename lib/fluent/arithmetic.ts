import type { DType } from '../dtype.js'
import { add, div, mul, sub } from '../ops/arithmetic.js'
import type { Operand } from '../ops/binary.js'
import { matmul, mm } from '../ops/matmul.js'
import { pow } from '../ops/pow.js'
import type { Promoted } from '../ops/promote.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /**
     * `this + other`, element by element. Shape: that of both, broadcast. Integers and booleans become the type of a
     * float tensor that they meet; among themselves they give an int32, and two bool tensors give bool: whether one
     * holds.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast, or an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.add.html
     */
    add(other: Operand): Promoted<D>

    /**
     * `this - other`, element by element. Shape: that of both, broadcast. Types as for {@link add}; bool tensors are
     * not subtracted.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ, or if one is a bool
     *   tensor
     * @throws RangeError if the shapes do not broadcast, or an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.sub.html
     */
    sub(other: Operand): Promoted<D>

    /**
     * `this * other`, element by element. Shape: that of both, broadcast. Types as for {@link add}; of two bool
     * tensors: whether both hold.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast, or an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.mul.html
     */
    mul(other: Operand): Promoted<D>

    /**
     * `this / other`, element by element; division by 0 gives an infinity or NaN. Shape: that of both, broadcast.
     * Integers and booleans among themselves give a float32.
     *
     * @param other another tensor, or a number that counts for every element
     * @throws TypeError if `other` is neither a tensor nor a number, or if two float dtypes differ
     * @throws RangeError if the shapes do not broadcast
     * @see https://docs.pytorch.org/docs/stable/generated/torch.div.html
     */
    div(other: Operand): FloatTensor

    /**
     * `this ^ exponent`, element by element. Shape: that of both, broadcast. `x ^ 0` and `1 ^ y` are 1, also of NaN; a
     * negative base with a fractional exponent gives NaN.
     *
     * The gradient of a base whose exponent is 0 is 0, and so is that of an exponent of at least 0 whose base is 0.
     *
     * Integers and booleans become the type of a float tensor that they meet, and a float32 beside a number that is not
     * an integer; among themselves they give an int32, modulo 2^32, as in PyTorch. To the power of a tensor's negative
     * element, they are 0, unless they are 1 or -1.
     *
     * @param exponent another tensor, or a number that counts for every element
     * @throws TypeError if `exponent` is neither a tensor nor a number, if two float dtypes differ, or of two bool tensors
     * @throws RangeError if the shapes do not broadcast, or integers meet a number as exponent that is not an int32 of at
     *   least 0
     * @see https://docs.pytorch.org/docs/stable/generated/torch.pow.html
     */
    pow(exponent: Operand): Promoted<D>

    /**
     * The matrix product of the last two dimensions; the dimensions before them broadcast. Shapes: (..., m, k) times
     * (..., k, n) is (..., m, n). A vector (k) counts as a row on the left and as a column on the right, and the result
     * is without that dimension. Integers give an int32.
     *
     * `y[..., i, j] = sum over l of x[..., i, l] * other[..., l, j]`
     *
     * @throws TypeError if an operand is not a tensor of numbers, or their dtypes differ
     * @throws RangeError if an operand has no dimensions, the shapes do not fit, or an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
     */
    matmul(other: Tensor): Tensor<D>

    /**
     * The product of two matrices. Shapes: (m, k) times (k, n) is (m, n). Integers give an int32.
     *
     * `y[i, j] = sum over l of x[i, l] * other[l, j]`
     *
     * @throws TypeError if an operand is not a tensor of numbers, or their dtypes differ
     * @throws RangeError if an operand is not a matrix, the shapes do not fit, or an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.mm.html
     */
    mm(other: Tensor): Tensor<D>
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
