import { uninitializedAlone } from './slab.js'

/**
 * The arrays of gradients that nobody can hold any more, to be used again: a new array costs as much as many a kernel,
 * and its memory is in no cache. What is left over at one `backward()` is dropped at the next, so that the pool never
 * holds more than one step has used.
 */
let returned = new Map<number, Float32Array[]>()
let returnedBefore = new Map<number, Float32Array[]>()

/** An array of that length, which holds whatever it held before. */
export function borrowArray(length: number): Float32Array {
  return returned.get(length)?.pop() ?? returnedBefore.get(length)?.pop() ?? uninitializedAlone(Float32Array, length)
}

/** Takes an array back that nobody else knows. */
export function returnArray(array: Float32Array): void {
  const arrays = returned.get(array.length)
  if (arrays === undefined) returned.set(array.length, [array])
  else arrays.push(array)
}

/** Begins another `backward()`. */
export function turnOverPool(): void {
  returnedBefore = returned
  returned = new Map()
}
