import { capture } from '../capture.js'
import type { FloatDType } from '../dtype.js'
import { broadcastShapes, broadcastStrides, collapse, sameShape, type Shape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** What an arithmetic operation takes beside a tensor: another one, or a number that counts for every element. */
export type Operand = Tensor | number

/** An operand that an operation on a float tensor makes a float tensor of. */
export type FloatOperand = FloatTensor | number

/** A number as a tensor without dimensions. */
export function scalar(value: number, dtype: FloatDType): FloatTensor {
  const tensor = Tensor.empty([], dtype)
  tensor.elements[0] = value
  capture?.keep(tensor.elements)
  return tensor
}

/** How kernels walk through two tensors that broadcast together. */
export interface PairWalk {
  /** The shape of the result. */
  readonly shape: Shape
  /** What kernels take for it, in as few dimensions as possible, and for the operands. */
  readonly walk: readonly [shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array]
}

/**
 * Plans the walk through two tensors.
 *
 * @throws RangeError if their shapes do not broadcast
 */
export function walkPair(name: string, a: Tensor, b: Tensor): PairWalk {
  const shape = broadcastShapes(name, a.shape, b.shape)
  if (sameShape(a.shape, b.shape)) return { shape, walk: [Int32Array.of(a.size), Int32Array.of(1), Int32Array.of(1)] }
  const { shape: lengths, strides } = collapse(
    shape,
    broadcastStrides(a.shape, shape),
    broadcastStrides(b.shape, shape),
  )
  return { shape, walk: [lengths, strides[0], strides[1]] }
}
