import { kernels } from '../backend/index.js'
import { checkTensor } from '../operand.js'
import { Tensor } from '../tensor.js'
import { type Operand, walkPair } from './binary.js'
import { promote } from './promote.js'

/**
 * Where `a` equals `b`, element by element, broadcasting. NaN equals nothing. No gradient.
 *
 * @throws TypeError if `a` is not a tensor, `b` neither a tensor nor a number, or if two float dtypes differ
 * @throws RangeError if the shapes do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.eq.html
 */
export function eq(a: Tensor, b: Operand): Tensor<'bool'> {
  return compare('eq', 'eq', a, b)
}

/** Where `a < b`, as {@link eq}. */
export function lt(a: Tensor, b: Operand): Tensor<'bool'> {
  return compare('lt', 'lt', a, b)
}

/** Where `a <= b`, as {@link eq}. */
export function le(a: Tensor, b: Operand): Tensor<'bool'> {
  return compare('le', 'le', a, b)
}

/** Where `a > b`, as {@link eq}. */
export function gt(a: Tensor, b: Operand): Tensor<'bool'> {
  return compare('gt', 'lt', a, b, true)
}

/** Where `a >= b`, as {@link eq}. */
export function ge(a: Tensor, b: Operand): Tensor<'bool'> {
  return compare('ge', 'le', a, b, true)
}

function compare(name: string, kernel: 'eq' | 'lt' | 'le', a: Tensor, b: Operand, swapped = false): Tensor<'bool'> {
  checkTensor(name, 'input', a)
  const given = promote(name, a, b)
  const [first, second] = swapped ? [given.b, given.a] : [given.a, given.b]
  const { shape, walk } = walkPair(name, first, second)
  const y = Tensor.empty(shape, 'bool')
  kernels(first.dtype)[kernel](y.elements, first.elements, second.elements, ...walk)
  return y
}
