import { kernels } from '../backend/index.js'
import { looksLikeTensor, rangeError, typeError } from '../check.js'
import { convertedTo } from '../copy.js'
import { type DType, type FloatDType, isFloat } from '../dtype.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { type Operand, scalar } from './binary.js'

/** What an operation on tensors of this type gives: floats stay floats, others depend on what they meet. */
export type Promoted<D extends DType> = [D] extends [FloatDType] ? FloatTensor : Tensor

/** Two operands in the one float type that computes them, and the type of the result. */
export interface Operands {
  readonly a: FloatTensor
  readonly b: FloatTensor
  readonly dtype: DType
}

/**
 * Brings the operands of an operation to one type. Beside a float tensor, everything becomes its type. Integers and
 * booleans among themselves are computed in float64, which holds every int32: they give an int32, two bool tensors give
 * bool, and with a number that is not an integer they give a float32.
 *
 * @throws TypeError if an operand is neither a tensor nor a number, or if two float dtypes differ
 */
export function promote(name: string, a: Operand, b: Operand): Operands {
  if (typeof a === 'number' && typeof b === 'number') throw typeError(name, 'one operand at least', 'a tensor', a)
  checkOperand(name, 'input', a)
  checkOperand(name, 'other', b)
  const dtype = resultType(name, a, b)
  const computed = isFloat(dtype) ? dtype : 'float64'
  return { a: converted(a, computed), b: converted(b, computed), dtype }
}

function checkOperand(name: string, argument: string, value: unknown): void {
  if (typeof value === 'number') return
  if (!looksLikeTensor(value)) throw typeError(name, argument, 'a tensor or a number', value)
  checkTensor(name, argument, value)
}

function resultType(name: string, a: Operand, b: Operand): DType {
  const tensors = [a, b].filter((operand) => typeof operand !== 'number')
  const [float] = tensors.filter(isFloatTensor)
  if (float !== undefined) {
    if (typeof b !== 'number' && isFloatTensor(b)) checkFloat(name, 'other', b, float.dtype)
    return float.dtype
  }
  if ([a, b].some((operand) => typeof operand === 'number' && !Number.isInteger(operand))) return 'float32'
  return tensors.length === 2 && tensors.every(({ dtype }) => dtype === 'bool') ? 'bool' : 'int32'
}

function converted(operand: Operand, dtype: FloatDType): FloatTensor {
  return typeof operand === 'number' ? scalar(operand, dtype) : toFloat(operand, dtype)
}

/** The values of a tensor as floats: itself, where it is of that type already. */
export function toFloat(x: Tensor, dtype: FloatDType): FloatTensor {
  return x.dtype === dtype ? (x as FloatTensor) : convertedTo(x, dtype)
}

/**
 * The input of an operation whose result is a float: integers and booleans become a float32.
 *
 * @throws TypeError if it is not a tensor
 */
export function asFloat(name: string, x: Tensor): FloatTensor {
  checkTensor(name, 'input', x)
  return isFloatTensor(x) ? x : toFloat(x, 'float32')
}

/**
 * The whole numbers that an operation computed in float64, as the type of its result; for bool, whether they are not 0.
 *
 * @throws RangeError if one does not fit an int32
 */
export function toInteger<D extends 'int32' | 'bool'>(name: string, x: FloatTensor, dtype: D): Tensor<D>
export function toInteger(name: string, x: FloatTensor, dtype: 'int32' | 'bool'): Tensor {
  const values = x.elements as Float64Array
  if (dtype === 'bool') {
    const y = Tensor.empty(x.shape, 'bool')
    kernels('bool').toBool(y.elements, values)
    return y
  }
  const bad = values.find((value) => (value | 0) !== value)
  if (bad !== undefined) throw rangeError(name, 'every result', 'within the range of an int32', bad)
  const y = Tensor.empty(x.shape, 'int32')
  kernels('int32').toInt32(y.elements, values)
  return y
}
