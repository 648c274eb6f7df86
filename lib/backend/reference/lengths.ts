import type { Elements, FloatArray } from '../../../binding.js'

/** The offsets a strided walk may use: as many as there are dimensions in the longest shape a kernel accepts. */
const MAX_RANK = 16

/** Rejects an array of another length than the kernel's arithmetic will use. */
export function checkLength(kernel: string, argument: string, array: Elements, expected: number): void {
  if (array.length === expected) return
  throw new RangeError(`${kernel}: ${argument} has ${array.length} elements, expected ${expected}`)
}

/** Like {@link checkLength}, for an array that may be absent. */
export function checkOptionalLength(
  kernel: string,
  argument: string,
  array: Elements | undefined,
  expected: number,
): void {
  if (array !== undefined) checkLength(kernel, argument, array, expected)
}

/** Rejects class indices outside of the columns, other than the one that is ignored. */
export function checkTargets(kernel: string, target: Int32Array, cols: number, ignoreIndex: number): void {
  const bad = target.find((t) => t !== ignoreIndex && (t < 0 || t >= cols))
  if (bad === undefined) return
  throw new RangeError(`${kernel}: target ${bad} is outside [0, ${cols})`)
}

/** Rejects a smoothing that is not part of a whole. */
export function checkLabelSmoothing(kernel: string, labelSmoothing: number): void {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) throw new RangeError(`${kernel}: labelSmoothing is outside [0, 1]`)
}

/**
 * Rejects lists that have not one array a tensor: `steps` with one element, the others with as many as the parameter.
 */
export function checkLists(
  kernel: string,
  params: readonly FloatArray[],
  lists: Record<string, readonly FloatArray[]>,
): void {
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== params.length) {
      throw new RangeError(`${kernel}: ${name} has ${list.length} arrays, expected ${params.length}, as many as params`)
    }
    params.forEach((param, i) => {
      checkLength(kernel, `${name}[${i}]`, list[i], name === 'steps' ? 1 : param.length)
    })
  }
}

/** Rejects a strided walk that is malformed or leaves its array. */
export function checkStrides(
  kernel: string,
  argument: string,
  array: Elements,
  shape: Int32Array,
  strides: Int32Array,
): void {
  if (shape.length > MAX_RANK) throw new RangeError(`${kernel}: shape has more than ${MAX_RANK} dimensions`)
  checkLength(kernel, `the strides of ${argument}`, strides, shape.length)
  if (shape.some((length) => length < 0) || strides.some((stride) => stride < 0)) {
    throw new RangeError(`${kernel}: the shape and the strides of ${argument} must not be negative`)
  }
  if (shape.includes(0)) return
  const last = shape.reduce((offset, length, dim) => offset + (length - 1) * strides[dim], 0)
  if (last >= array.length) {
    throw new RangeError(`${kernel}: ${argument} has ${array.length} elements, the strides reach element ${last}`)
  }
}

/** The number of elements in a shape. */
export function product(shape: Int32Array): number {
  return shape.reduce((size, length) => size * length, 1)
}

/** Rejects an output of a type that does not hold what the input does. */
export function checkHolds(kernel: string, y: Elements, x: Elements): void {
  const isFloat = y instanceof Float32Array || y instanceof Float64Array
  if (isFloat || y.constructor === x.constructor || (y instanceof Int32Array && x instanceof Uint8Array)) return
  throw new TypeError(`${kernel}: x is not of the type that the other arrays ask for`)
}
