import { looksLikeTensor, lostElements, typeError } from './check.js'
import { type FloatDType, isFloat } from './dtype.js'
import { type FloatTensor, Tensor } from './tensor.js'

/** Rejects what is not a tensor, or has lost its elements. */
export function checkTensor(where: string, argument: string, value: unknown): asserts value is Tensor {
  if (!Tensor.isTensor(value)) {
    throw typeError(where, argument, looksLikeTensor(value) ? 'a tensor of this copy of evenkeel' : 'a tensor', value)
  }
  if (value.isLost) throw lostElements(where, argument)
}

/** What messages call a tensor of indices: whole numbers become float32 where no dtype is given. */
export const INT32_TENSOR = "an int32 tensor, as tensor([..], { dtype: 'int32' })"

/** Rejects what is not a tensor of numbers, but of booleans. */
export function checkNumbers(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkTensor(where, argument, value)
  if (value.dtype === 'bool') throw typeError(where, argument, 'other than a bool tensor', value)
}

/** Whether gradients can flow through this tensor. */
export function isFloatTensor<T extends Tensor>(tensor: T): tensor is T & FloatTensor {
  return isFloat(tensor.dtype)
}

/** Rejects what {@link checkTensor} does, and what is not of a float dtype; with `dtype`, of just that one. */
export function checkFloat(
  where: string,
  argument: string,
  value: unknown,
  dtype?: FloatDType,
): asserts value is FloatTensor {
  checkTensor(where, argument, value)
  if (!isFloatTensor(value)) throw typeError(where, argument, `a ${dtype ?? 'float32'} tensor`, value)
  if (dtype !== undefined && value.dtype !== dtype) throw typeError(where, argument, `a ${dtype} tensor`, value)
}

/** Like {@link checkFloat}, for an argument that may be absent. */
export function checkOptionalFloat(
  where: string,
  argument: string,
  value: unknown,
  dtype: FloatDType,
): asserts value is FloatTensor | undefined {
  if (value !== undefined) checkFloat(where, argument, value, dtype)
}
