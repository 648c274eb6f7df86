import { type Shape, sizeOf } from './shape.js'

/** Values in row-major order as arrays nested by the shape; without dimensions, the one value. */
export function nest(values: readonly unknown[], shape: Shape): unknown {
  const [length, ...inner] = shape
  if (length === undefined) return values[0]
  if (inner.length === 0) return values
  const size = sizeOf(inner)
  return Array.from({ length }, (_, i) => nest(values.slice(i * size, (i + 1) * size), inner))
}
