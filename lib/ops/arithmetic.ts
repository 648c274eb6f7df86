import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { typeError } from '../check.js'
import { checkFloat } from '../operand.js'
import { broadcastShapes, broadcastStrides, collapse, sameShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { sumToShape } from './broadcast.js'

/** What an arithmetic operation takes beside a tensor: another one, or a number that counts for every element. */
export type Operand = Tensor | number

type Name = 'add' | 'sub' | 'mul' | 'div'

/**
 * `a + b`, element by element, broadcasting.
 *
 * @throws TypeError if an operand is neither a float tensor nor a number, or if their dtypes differ
 * @throws RangeError if the shapes do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.add.html
 */
export function add(a: Operand, b: Operand): FloatTensor {
  return binary('add', a, b, (dy) => [dy, dy])
}

/** `a - b`, element by element, broadcasting. Errors as for {@link add}. */
export function sub(a: Operand, b: Operand): FloatTensor {
  return binary('sub', a, b, (dy, _x, y) => [dy, y.requiresGrad ? combine('mul', dy, scalar(-1, dy)) : undefined])
}

/** `a * b`, element by element, broadcasting. Errors as for {@link add}. */
export function mul(a: Operand, b: Operand): FloatTensor {
  return binary('mul', a, b, (dy, x, y) => [
    x.requiresGrad ? combine('mul', dy, y) : undefined,
    y.requiresGrad ? combine('mul', dy, x) : undefined,
  ])
}

/** `a / b`, element by element, broadcasting; division by zero gives an infinity or NaN. Errors as for {@link add}. */
export function div(a: Operand, b: Operand): FloatTensor {
  return binary('div', a, b, (dy, _x, y, quotient) => {
    const dx = combine('div', dy, y)
    return [dx, y.requiresGrad ? combine('mul', combine('mul', dx, quotient), scalar(-1, dy)) : undefined]
  })
}

type Gradients = (
  dy: FloatTensor,
  a: FloatTensor,
  b: FloatTensor,
  result: FloatTensor,
) => readonly [FloatTensor | undefined, FloatTensor | undefined]

function binary(name: Name, first: Operand, second: Operand, gradients: Gradients): FloatTensor {
  const [a, b] = operands(name, first, second)
  const y = combine(name, a, b)
  return record(name, y, [a, b], (dy) => {
    const [da, db] = gradients(dy, a, b, y)
    return [da && sumToShape(da, a.shape), db && sumToShape(db, b.shape)]
  })
}

function operands(name: Name, a: Operand, b: Operand): [FloatTensor, FloatTensor] {
  if (typeof a === 'number' && typeof b === 'number') throw typeError(name, 'one operand at least', 'a tensor', a)
  if (typeof a === 'number') {
    checkFloat(name, 'other', b)
    return [scalar(a, b), b]
  }
  checkFloat(name, 'input', a)
  if (typeof b === 'number') return [a, scalar(b, a)]
  checkFloat(name, 'other', b, a.dtype)
  return [a, b]
}

function scalar(value: number, like: FloatTensor): FloatTensor {
  const tensor = Tensor.empty([], like.dtype)
  tensor.data[0] = value
  return tensor
}

function combine(name: Name, a: FloatTensor, b: FloatTensor): FloatTensor {
  const shape = broadcastShapes(name, a.shape, b.shape)
  const y = Tensor.empty(shape, a.dtype)
  const walk = sameShape(a.shape, b.shape)
    ? { shape: Int32Array.of(y.size), strides: [Int32Array.of(1), Int32Array.of(1)] }
    : collapse(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape))
  kernels(a.dtype)[name](y.data, a.data, b.data, walk.shape, walk.strides[0], walk.strides[1])
  return y
}
