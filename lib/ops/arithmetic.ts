import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { typeError } from '../check.js'
import { isFloat } from '../dtype.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { type FloatOperand, type Operand, scalar, walkPair } from './binary.js'
import { sumToShape } from './broadcast.js'
import { promote, toFloat, toInteger } from './promote.js'

type Name = 'add' | 'sub' | 'mul' | 'div'

/**
 * `a + b`, element by element, broadcasting. Integers and booleans become the type of a float tensor that they meet;
 * among themselves they give an int32, and two bool tensors give bool: whether one holds.
 *
 * @throws TypeError if an operand is neither a tensor nor a number, or if two float dtypes differ
 * @throws RangeError if the shapes do not broadcast, or an integer result does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.add.html
 */
export function add(a: FloatOperand, b: FloatOperand): FloatTensor
export function add(a: Operand, b: Operand): Tensor
export function add(a: Operand, b: Operand): Tensor {
  return binary('add', a, b, (dy) => [dy, dy])
}

/** `a - b`, element by element, broadcasting; not of bool tensors. Types and errors as for {@link add}. */
export function sub(a: FloatOperand, b: FloatOperand): FloatTensor
export function sub(a: Operand, b: Operand): Tensor
export function sub(a: Operand, b: Operand): Tensor {
  for (const [argument, operand] of Object.entries({ input: a, other: b })) {
    if (operand instanceof Tensor && operand.dtype === 'bool') {
      throw typeError('sub', argument, 'other than a bool tensor', operand)
    }
  }
  return binary('sub', a, b, (dy, _x, y) => [dy, y.requiresGrad ? negated(dy) : undefined])
}

/** `a * b`, element by element, broadcasting; of bool tensors: whether both hold. Types and errors as for {@link add}. */
export function mul(a: FloatOperand, b: FloatOperand): FloatTensor
export function mul(a: Operand, b: Operand): Tensor
export function mul(a: Operand, b: Operand): Tensor {
  return binary('mul', a, b, (dy, x, y) => [
    x.requiresGrad ? combine('mul', dy, y) : undefined,
    y.requiresGrad ? combine('mul', dy, x) : undefined,
  ])
}

/**
 * `a / b`, element by element, broadcasting; division by zero gives an infinity or NaN. Integers and booleans among
 * themselves give a float32. Errors as for {@link add}.
 */
export function div(a: Operand, b: Operand): FloatTensor {
  const given = promote('div', a, b)
  const dtype = isFloat(given.dtype) ? given.dtype : 'float32'
  const [first, second] = [toFloat(given.a, dtype), toFloat(given.b, dtype)]
  return recorded('div', first, second, (dy, _x, y, quotient) => {
    const dx = combine('div', dy, y)
    return [dx, y.requiresGrad ? negated(combine('mul', dx, quotient)) : undefined]
  })
}

type Gradients = (
  dy: FloatTensor,
  a: FloatTensor,
  b: FloatTensor,
  result: FloatTensor,
) => readonly [FloatTensor | undefined, FloatTensor | undefined]

function binary(name: Name, first: Operand, second: Operand, gradients: Gradients): Tensor {
  const { a, b, dtype } = promote(name, first, second)
  return isFloat(dtype) ? recorded(name, a, b, gradients) : toInteger(name, combine(name, a, b), dtype)
}

function recorded(name: Name, a: FloatTensor, b: FloatTensor, gradients: Gradients): FloatTensor {
  const y = combine(name, a, b)
  return record(name, y, [a, b], (dy) => {
    const [da, db] = gradients(dy, a, b, y)
    return [da && sumToShape(da, a.shape), db && sumToShape(db, b.shape)]
  })
}

/** Not recorded: a step of other operations. */
export function negated(x: FloatTensor): FloatTensor {
  return combine('mul', x, scalar(-1, x.dtype))
}

/** Not recorded: a step of other operations. */
export function combine(name: Name, a: FloatTensor, b: FloatTensor): FloatTensor {
  const { shape, walk } = walkPair(name, a, b)
  const y = Tensor.uninitialized(shape, a.dtype)
  kernels(a.dtype)[name](y.elements, a.elements, b.elements, ...walk)
  return y
}
