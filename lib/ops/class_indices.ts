import { checkValues } from '../capture.js'
import { checkInteger, rangeError, typeError } from '../check.js'
import { checkFloat, checkOptionalFloat, checkTensor, INT32_TENSOR } from '../operand.js'
import { formatShape, sameShape, type Shape } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import type { Reduction } from './loss.js'

/** What losses of class indices share: an input of shape (C), (N, C) or (N, C, d1, ...), and its targets without C. */

/** What messages call a target of class indices. */
export const CLASS_INDICES = `class indices (${INT32_TENSOR})`

/** Rejects an input that has no classes. */
export function checkClassInput(where: string, input: unknown): asserts input is FloatTensor {
  checkFloat(where, 'input', input)
  if (input.shape.length === 0) throw rangeError(where, 'input', 'of shape [C], [N,C] or [N,C,d1,...]', input)
}

/** Rejects what cannot be the index of a class to ignore: an int32. */
export function checkIgnoreIndex(where: string, ignoreIndex: unknown): asserts ignoreIndex is number {
  checkInteger(where, 'ignoreIndex', ignoreIndex, -(2 ** 31), 2 ** 31 - 1)
}

/** Rejects weights that are not one for each class. */
export function checkClassWeight(
  where: string,
  input: FloatTensor,
  weight: unknown,
): asserts weight is FloatTensor | undefined {
  checkOptionalFloat(where, 'weight', weight, input.dtype)
  const shape = [classesOf(input)]
  if (weight && !sameShape(weight.shape, shape))
    throw rangeError(where, 'weight', `of shape ${formatShape(shape)}`, weight)
}

/** Rejects targets that are not an index of a class, or `ignoreIndex`, for each position of the input. */
export function checkClassIndices(
  where: string,
  input: FloatTensor,
  target: unknown,
  ignoreIndex: number,
  kinds = CLASS_INDICES,
): asserts target is Tensor<'int32'> {
  checkTensor(where, 'target', target)
  if (target.dtype !== 'int32') throw typeError(where, 'target', kinds, target)
  const shape = targetShape(input)
  const isSingle = shape.length === 0 && sameShape(target.shape, [1])
  if (!isSingle && !sameShape(target.shape, shape)) {
    throw rangeError(
      where,
      'target',
      `of shape ${formatShape(shape)} for an input of ${formatShape(input.shape)}`,
      target,
    )
  }
  const classes = classesOf(input)
  checkValues(target as Tensor<'int32'>, (values) => {
    const bad = values.find((index) => index !== ignoreIndex && (index < 0 || index >= classes))
    if (bad === undefined) return
    const none = `${ignoreIndex} (ignoreIndex) alone for an input of ${formatShape(input.shape)}, which has no classes`
    throw rangeError(where, 'target', classes === 0 ? none : `class indices from 0 to ${classes - 1}`, bad)
  })
}

/** The dimension of the input that counts its classes. */
export function classDim(input: Tensor): number {
  return Math.min(1, input.shape.length - 1)
}

/** How many classes the input has. */
export function classesOf(input: Tensor): number {
  return input.shape[classDim(input)]
}

/** The shape of the input without its classes. */
export function targetShape(input: Tensor): Shape {
  return input.shape.filter((_, dim) => dim !== classDim(input))
}

/**
 * What PyTorch calls a loss of class indices where it prints it. It computes losses of positions in the shape
 * (N, C, d1, d2), and gives them back as a view where that is not their own.
 */
export function nllLossGradFn(input: Tensor, reduction: Reduction): string {
  const rank = input.shape.length
  if (rank <= 2) return 'NllLossBackward0'
  return reduction === 'none' && rank !== 4 ? 'ViewBackward0' : 'NllLoss2DBackward0'
}
