import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { type Operand, operands, scalar, walkPair } from './binary.js'
import { sumToShape } from './broadcast.js'

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

function combine(name: Name, a: FloatTensor, b: FloatTensor): FloatTensor {
  const { shape, walk } = walkPair(name, a, b)
  const y = Tensor.empty(shape, a.dtype)
  kernels(a.dtype)[name](y.data, a.data, b.data, ...walk)
  return y
}
