import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkCount, rangeError, readOptions, typeError } from '../check.js'
import { type DType, DTYPES } from '../dtype.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { checkDim, checkShape, formatShape, type Shape, splitAround } from '../shape.js'
import { Tensor } from '../tensor.js'
import { slice } from './slice.js'

/** The options of {@link cat}. */
export interface CatOptions {
  /** The dimension along which the tensors follow each other. Default: 0. */
  dim?: number
}

/**
 * The tensors one after the other along a dimension, copied. They have the same shape but for that dimension; a tensor of
 * shape [0] fits everywhere, and adds nothing. The result has the widest of their types: bool, int32, float.
 *
 * @throws TypeError if `tensors` is not an array of tensors, or if two float dtypes differ
 * @throws RangeError if there are none, one has no dimensions, the shapes do not fit, or the dimension does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cat.html
 */
export function cat<D extends DType>(tensors: readonly Tensor<D>[], options?: CatOptions): Tensor<D> {
  checkCount('cat', arguments.length, 2)
  const { dim } = readOptions('cat', options, { dim: 0 })
  const dtype = checkTensors(tensors)
  const first = tensors.find((tensor) => !isNothing(tensor)) ?? tensors[0]
  const axis = checkDim('cat', dim, first.shape)
  tensors.forEach((tensor) => checkFits(tensor, first, axis))
  const lengths = tensors.map((tensor) => (isNothing(tensor) ? 0 : tensor.shape[axis]))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const y = Tensor.empty(checkShape('cat', 'the shape of the result', first.shape.with(axis, total)), dtype)
  const { outer, inner } = splitAround(y.shape, axis, axis)
  const starts: number[] = []
  let start = 0
  tensors.forEach(({ elements }, i) => {
    const length = lengths[i] * inner
    kernels(y.dtype).copyBlocks(y.elements, elements, start * inner, total * inner, 0, length, outer, length)
    starts.push(start)
    start += lengths[i]
  })
  if (!isFloatTensor(y)) return y
  return record('cat', y, tensors, (dy) =>
    tensors.map((tensor, i) => {
      if (!tensor.requiresGrad) return undefined
      return isNothing(tensor) ? Tensor.empty([0], dy.dtype) : slice(dy, axis, starts[i], starts[i] + lengths[i])
    }),
  )
}

/** What fits everywhere: PyTorch once had no other empty tensors. */
function isNothing({ shape }: Tensor): boolean {
  return shape.length === 1 && shape[0] === 0
}

/** Checks the tensors one by one; returns the widest of their types. */
function checkTensors<D extends DType>(tensors: readonly Tensor<D>[]): D {
  const given: unknown = tensors
  if (!Array.isArray(given)) throw typeError('cat', 'tensors', 'an array of tensors', given)
  if (tensors.length === 0) throw rangeError('cat', 'tensors', 'of one tensor at least', tensors)
  // Not forEach, which passes over holes.
  for (const [i, tensor] of given.entries()) {
    checkTensor('cat', `tensors[${i}]`, tensor)
    if (tensor.shape.length === 0) throw rangeError('cat', `tensors[${i}]`, 'of one dimension at least', tensor)
  }
  const floats = tensors.filter(isFloatTensor)
  tensors.forEach((tensor, i) => {
    if (isFloatTensor(tensor)) checkFloat('cat', `tensors[${i}]`, tensor, floats[0].dtype)
  })
  const width = ({ dtype }: Tensor) => DTYPES.length - DTYPES.indexOf(dtype)
  return tensors.reduce((widest, tensor) => (width(tensor) > width(widest) ? tensor : widest)).dtype
}

function checkFits(part: Tensor, first: Tensor, axis: number): void {
  if (isNothing(part)) return
  const open = (shape: Shape) => shape.map((length, dim) => (dim === axis ? '*' : String(length)))
  const expected = open(first.shape).join()
  if (open(part.shape).join() !== expected) {
    throw rangeError('cat', 'every tensor', `of shape [${expected}] as ${formatShape(first.shape)} is`, part)
  }
}
