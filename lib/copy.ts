import { kernels } from './backend/index.js'
import type { DType } from './dtype.js'
import type { Shape } from './shape.js'
import { Tensor } from './tensor.js'

/** The same elements in memory of their own, outside of any graph. */
export function copyOf<D extends DType>(x: Tensor<D>, shape: Shape = x.shape): Tensor<D> {
  return convertedTo(x, x.dtype, shape)
}

/** The same elements in memory of their own, as those of a type that holds them, outside of any graph. */
export function convertedTo<D extends DType>(x: Tensor, dtype: D, shape: Shape = x.shape): Tensor<D> {
  const y = Tensor.empty(shape, dtype)
  kernels(dtype).copyStrided(y.elements, x.elements, Int32Array.of(x.size), Int32Array.of(1))
  return y
}
