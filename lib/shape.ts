import { checkInteger, rangeError, typeError } from './check.js'

/** The length of each dimension, outermost first. `[]` is the shape of a single number. */
export type Shape = readonly number[]

/** The most elements a tensor may have: the offsets that kernels take are signed 32-bit integers. */
export const MAX_SIZE = 2 ** 31 - 1

/** The most dimensions a tensor may have: what kernels keep room for. */
export const MAX_RANK = 16

/**
 * How many elements a tensor of this shape has; or of its dimensions from `begin` to before `end` alone.
 *
 * Shapes are frozen, so the loops of this file count: for V8, iterators and the methods of arrays are slow on those.
 */
export function sizeOf(shape: Shape, begin = 0, end = shape.length): number {
  let size = 1
  for (let dim = begin; dim < end && dim < shape.length; dim++) size *= shape[dim]
  return size
}

/** Checks a shape that a caller passed and returns a copy that nobody can change. */
export function checkShape(where: string, argument: string, shape: unknown): Shape {
  if (!Array.isArray(shape)) throw typeError(where, argument, 'an array of integers, as [2,3]', shape)
  if (shape.length > MAX_RANK) throw rangeError(where, argument, `of at most ${MAX_RANK} dimensions`, shape)
  const checked = [...(shape as number[])]
  // A length of 0 hides the product of the others, which strides are made of.
  let product = 1
  for (const length of checked) {
    // The message is put together only where it is needed: every operation makes a shape.
    if (!(Number.isInteger(length) && length >= 0)) {
      checkInteger(where, `every length of ${argument}`, length, 0)
    }
    if (length !== 0) product *= length
  }
  if (product > MAX_SIZE) throw rangeError(where, argument, `of at most ${MAX_SIZE} elements`, shape)
  return Object.freeze(checked)
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let dim = 0; dim < a.length; dim++) if (a[dim] !== b[dim]) return false
  return true
}

/** `[2,3]`: the way shapes stand in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`
}

/** A dimension that a caller passed, counted from the end if negative, as an index into the shape. */
export function checkDim(where: string, dim: unknown, shape: Shape): number {
  const rank = Math.max(shape.length, 1)
  // The message is put together only where it is needed.
  if (!(Number.isInteger(dim) && (dim as number) >= -rank && (dim as number) < rank)) {
    checkInteger(where, `dim of a tensor of shape ${formatShape(shape)}`, dim, -rank, rank - 1)
  }
  return (dim as number) < 0 ? (dim as number) + rank : (dim as number)
}

/** The dimensions that a caller passed, ascending; all of them if absent or empty. A repeated one is an error. */
export function checkDims(where: string, dims: unknown, shape: Shape): number[] {
  if (dims === undefined || (Array.isArray(dims) && dims.length === 0)) return shape.map((_, dim) => dim)
  const checked = (Array.isArray(dims) ? dims : [dims]).map((dim) => checkDim(where, dim, shape)).sort((a, b) => a - b)
  if (new Set(checked).size !== checked.length) throw rangeError(where, 'dim', 'without repetition', dims)
  return shape.length === 0 ? [] : checked
}

/** How many elements apart neighbours stand along each dimension of a dense, row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride
    stride *= shape[dim]
  }
  return strides
}

/**
 * The shape that two shapes broadcast to: aligned at their last dimensions, a length of 1 stretches.
 * See https://docs.pytorch.org/docs/stable/notes/broadcasting.html
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const shape = Array.from({ length: rank }, (_, dim) => {
    const [aLength, bLength] = [a[dim - rank + a.length] ?? 1, b[dim - rank + b.length] ?? 1]
    if (aLength !== bLength && aLength !== 1 && bLength !== 1) {
      throw new RangeError(
        `${where}: expected shapes that broadcast together, got ${formatShape(a)} and ${formatShape(b)}, ` +
          `which differ at dimension ${dim}`,
      )
    }
    return aLength === 1 ? bLength : aLength
  })
  return checkShape(where, 'the broadcast shape', shape)
}

/** Whether an array of shape `from` can be repeated to one of shape `to`. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const missing = to.length - from.length
  return missing >= 0 && from.every((length, dim) => length === 1 || length === to[dim + missing])
}

/** The strides that make an array of shape `from` look like one of the shape it broadcasts to. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from)
  const missing = to.length - from.length
  return to.map((_, dim) => (dim < missing || from[dim - missing] === 1 ? 0 : strides[dim - missing]))
}

/**
 * A strided walk in as few dimensions as it takes: dimensions of length 1 go, and neighbours which every operand steps
 * through evenly become one. Kernels then spend their time in long inner loops.
 */
export function collapse(shape: Shape, ...operands: readonly number[][]): { shape: Int32Array; strides: Int32Array[] } {
  const lengths: number[] = []
  const strides: number[][] = operands.map(() => [])
  shape.forEach((length, dim) => {
    if (length === 1) return
    const last = lengths.length - 1
    if (last >= 0 && operands.every((operand, i) => strides[i][last] === operand[dim] * length)) {
      lengths[last] *= length
      operands.forEach((operand, i) => (strides[i][last] = operand[dim]))
    } else {
      lengths.push(length)
      operands.forEach((operand, i) => strides[i].push(operand[dim]))
    }
  })
  return { shape: Int32Array.from(lengths), strides: strides.map((row) => Int32Array.from(row)) }
}

/** A shape without its last dimension. */
export function withoutLast(shape: Shape): Shape {
  const rest = [...shape]
  rest.pop()
  return rest
}

function endsWith(shape: Shape, end: Shape): boolean {
  const leading = shape.length - end.length
  if (leading < 0) return false
  for (let dim = 0; dim < end.length; dim++) if (end[dim] !== shape[leading + dim]) return false
  return true
}

/** Splits a shape whose last dimensions are `normalizedShape` into a matrix: the rows before it, the columns in it. */
export function splitTrailing(where: string, shape: Shape, normalizedShape: Shape): { rows: number; cols: number } {
  const leading = shape.length - normalizedShape.length
  if (normalizedShape.length === 0 || !endsWith(shape, normalizedShape)) {
    throw new RangeError(
      `${where}: expected input.shape to end with normalizedShape ${formatShape(normalizedShape)}, got ${formatShape(shape)}`,
    )
  }
  return { rows: sizeOf(shape, 0, leading), cols: sizeOf(normalizedShape) }
}

/** Splits a shape around the dimensions `first` to `last`: what is before them, in them and after them. */
export function splitAround(shape: Shape, first: number, last: number): { outer: number; n: number; inner: number } {
  return {
    outer: sizeOf(shape, 0, first),
    n: sizeOf(shape, first, last + 1),
    inner: sizeOf(shape, last + 1),
  }
}
