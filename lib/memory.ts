import { allocate, type ArrayOf, type DType } from './dtype.js'
import { checkShape, formatShape, type Shape, sizeOf } from './shape.js'

/** An array for a tensor of this shape, made by `make`; where there is no memory, the error names the caller. */
export function allocateFor<D extends DType>(
  where: string,
  shape: Shape,
  dtype: D,
  make = (size: number): ArrayOf[D] => allocate(dtype, size),
): ArrayOf[D] {
  try {
    return make(sizeOf(shape))
  } catch (cause) {
    checkShape(where, 'shape', shape)
    const needed = `${sizeOf(shape) * allocate(dtype, 0).BYTES_PER_ELEMENT} bytes`
    const message = `${where}: expected memory for a tensor of shape ${formatShape(shape)} and dtype ${dtype}, ${needed}`
    throw new RangeError(message, { cause })
  }
}
