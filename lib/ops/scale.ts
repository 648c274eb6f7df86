import { kernels } from '../backend/index.js'
import type { FloatTensor } from '../tensor.js'

/** Multiplies the elements of `x`, in place, by the one element of `factor`, of the same dtype. It is not recorded. */
export function scaleInPlace(x: FloatTensor, factor: FloatTensor): void {
  kernels(x.dtype).mul(
    x.elements,
    x.elements,
    factor.elements,
    Int32Array.of(x.size),
    Int32Array.of(1),
    Int32Array.of(0),
  )
}
