import { kernels } from './backend/index.js'
import type { Shape } from './shape.js'
import { type FloatTensor, Tensor } from './tensor.js'

/** The same elements in memory of their own, outside of any graph. */
export function copyOf(x: FloatTensor, shape: Shape = x.shape): FloatTensor {
  const y = Tensor.empty(shape, x.dtype)
  kernels(x.dtype).copyStrided(y.elements, x.elements, Int32Array.of(x.size), Int32Array.of(1))
  return y
}
