import { noGrad, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkInteger, typeError } from '../check.js'
import { isFloat } from '../dtype.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { combine } from './arithmetic.js'
import { type FloatOperand, type Operand, scalar, walkPair } from './binary.js'
import { expandTo, sumToShape } from './broadcast.js'
import { promote } from './promote.js'
import { sqrt } from './sqrt.js'

/**
 * `base ^ exponent`, element by element, broadcasting. `x ^ 0` and `1 ^ y` are 1, also of NaN; a negative base with a
 * fractional exponent gives NaN. The gradient of a base whose exponent is 0 is 0, and so is that of an exponent of at
 * least 0 whose base is 0. The exponents 0.5 and -0.5, given as numbers, take roots: of -Infinity, NaN.
 *
 * Integers and booleans become the type of a float tensor that they meet, and a float32 beside a number that is not an
 * integer; among themselves they give an int32, modulo 2^32. To the power of a tensor's negative element, they are 0,
 * unless they are 1 or -1.
 *
 * @throws TypeError if an operand is neither a tensor nor a number, if two float dtypes differ, or of two bool tensors
 * @throws RangeError if the shapes do not broadcast, or integers meet a number as exponent that is not an int32 of at
 *   least 0
 * @see https://docs.pytorch.org/docs/stable/generated/torch.pow.html
 */
export function pow(base: FloatOperand, exponent: FloatOperand): FloatTensor
export function pow(base: Operand, exponent: Operand): Tensor
export function pow(base: Operand, exponent: Operand): Tensor {
  const { a, b, dtype } = promote('pow', base, exponent)
  if (dtype === 'bool') throw typeError('pow', 'one operand at least', 'other than a bool tensor', base)
  if (isFloat(dtype)) {
    if (exponent === 2) return square(a)
    if (exponent === 0.5 || exponent === -0.5) return root(a, exponent)
    return powOfFloats(a, b, `PowBackward${typeof exponent === 'number' ? 0 : 1}`)
  }
  if (typeof exponent === 'number') checkInteger('pow', 'the exponent of integers', exponent, 0, 2 ** 31 - 1)
  return powOfIntegers(a, b)
}

function powOfFloats(a: FloatTensor, b: FloatTensor, gradFn: string): FloatTensor {
  const { shape, walk } = walkPair('pow', a, b)
  const y = Tensor.empty(shape, a.dtype)
  kernels(a.dtype).powForward(y.elements, a.elements, b.elements, ...walk)
  return record({ name: 'pow', gradFn }, y, [a, b], (dy) => {
    const da = a.requiresGrad ? Tensor.empty(shape, a.dtype) : undefined
    const db = b.requiresGrad ? Tensor.empty(shape, b.dtype) : undefined
    kernels(a.dtype).powBackward(da?.elements, db?.elements, dy.elements, a.elements, b.elements, y.elements, ...walk)
    return [da && sumToShape(da, a.shape), db && sumToShape(db, b.shape)]
  })
}

/** The one power that is common enough to be made fast. */
function square(x: FloatTensor): FloatTensor {
  return record('pow', combine('mul', x, x), [x], (dy) => [combine('mul', dy, combine('mul', x, scalar(2, x.dtype)))])
}

/** PyTorch takes roots for these, which are others than the powers of C for -Infinity and -0. */
function root(x: FloatTensor, exponent: 0.5 | -0.5): FloatTensor {
  const roots = noGrad(() => sqrt(x))
  const y = exponent > 0 ? roots : combine('div', scalar(1, x.dtype), roots)
  return record({ name: 'pow', gradFn: 'PowBackward0' }, y, [x], (dy) => {
    const rest = noGrad(() => pow(x, exponent - 1))
    return [combine('mul', dy, combine('mul', rest, scalar(exponent, x.dtype)))]
  })
}

function powOfIntegers(a: FloatTensor, b: FloatTensor): Tensor<'int32'> {
  const { shape } = walkPair('pow', a, b)
  const y = Tensor.empty(shape, 'int32')
  const [bases, exponents] = [a, b].map((x) => expandTo(x, shape).elements as Float64Array)
  kernels('int32').integerPow(y.elements, bases, exponents)
  return y
}
