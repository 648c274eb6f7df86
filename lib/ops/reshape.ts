import { record } from '../autograd.js'
import { rangeError, typeError } from '../check.js'
import type { DType } from '../dtype.js'
import type { Operation } from '../graph.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { checkShape, formatShape, type Shape, sizeOf } from '../shape.js'
import type { Tensor } from '../tensor.js'

/**
 * The same elements, shared, in another shape.
 *
 * @param shape one length may be -1: it is what the others leave
 * @throws TypeError if `shape` is not an array of numbers
 * @throws RangeError if it does not hold as many elements, or -1 could be any length beside one of 0
 * @see https://docs.pytorch.org/docs/stable/generated/torch.reshape.html
 */
export function reshape<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  checkTensor('reshape', 'input', x)
  return view({ name: 'reshape', gradFn: 'ViewBackward0' }, x, completed(x, shape))
}

/**
 * The same elements, shared, in one dimension.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
 */
export function flatten<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('flatten', 'input', x)
  return view({ name: 'flatten', gradFn: 'ViewBackward0' }, x, [x.size])
}

/** The same elements under another shape, which must hold as many. */
export function view<D extends DType>(operation: Operation, x: Tensor<D>, shape: Shape): Tensor<D> {
  const y = x.withShape(shape)
  return isFloatTensor(y) ? record(operation, y, [x], (dy) => [dy.withShape(x.shape)]) : y
}

function completed(x: Tensor, shape: Shape): Shape {
  if (!Array.isArray(shape)) throw typeError('reshape', 'shape', 'an array of integers, as [2,3]', shape)
  const lengths: Shape = shape
  const unknown = lengths.indexOf(-1)
  if (unknown !== lengths.lastIndexOf(-1)) throw rangeError('reshape', 'shape', 'of at most one -1', shape)
  const known = checkShape('reshape', 'shape', unknown === -1 ? lengths : lengths.with(unknown, 1))
  const size = sizeOf(known)
  if (unknown !== -1 && size === 0 && x.size === 0)
    throw rangeError('reshape', 'shape', 'without -1 beside a length of 0, where it could be any length', shape)
  const rest = unknown === -1 ? 1 : x.size / size
  if (!Number.isInteger(rest) || size * rest !== x.size) {
    const expected = `of ${x.size} elements, as a tensor of shape ${formatShape(x.shape)} has`
    throw rangeError('reshape', 'shape', expected, shape)
  }
  return unknown === -1 ? known : known.with(unknown, rest)
}
