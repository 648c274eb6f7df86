import { Buffer, constants } from 'node:buffer'

/**
 * So many arrays share a buffer, or up to twice as many that are smaller. Whoever keeps one of them keeps the buffer
 * alive: few are enough to save most of the time.
 */
const ARRAYS = 4

/** No shared buffer has fewer bytes, so more of the smallest arrays fit: a new one takes as long as a kernel or two. */
const SMALLEST = 2 ** 13

/** Arrays of more bytes have a buffer of their own. */
const LARGEST = 2 ** 14

/** Of the beginnings of arrays: a cache line. */
const ALIGNMENT = 64

interface Slab {
  readonly buffer: ArrayBuffer
  used: number
}

/** The buffer that has room left for arrays of at most 2^i bytes, at index i. */
const slabs: Slab[] = []

type Elements<A> = (new (buffer: ArrayBuffer, byteOffset: number, length: number) => A) &
  (new (length: number) => A) & { readonly BYTES_PER_ELEMENT: number }

/**
 * An array for what a kernel is about to overwrite: it may hold anything, and may be part of a larger buffer, which no
 * user may see. A cleared buffer of its own takes longer than many a kernel.
 */
export function uninitialized<A>(constructor: Elements<A>, length: number): A {
  const bytes = length * constructor.BYTES_PER_ELEMENT
  if (bytes > LARGEST) return uninitializedAlone(constructor, length)
  const slab = slabFor(bytes)
  const array = new constructor(slab.buffer, slab.used, length)
  slab.used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
  return array
}

/** The same with a buffer of its own. */
export function uninitializedAlone<A>(constructor: Elements<A>, length: number): A {
  const bytes = length * constructor.BYTES_PER_ELEMENT
  // Node's way around clearing is the slower one for small buffers, and not there for the largest.
  if (bytes <= LARGEST || bytes > constants.MAX_LENGTH) return new constructor(length)
  return new constructor(Buffer.allocUnsafeSlow(bytes).buffer, 0, length)
}

function slabFor(bytes: number): Slab {
  const rank = 32 - Math.clz32(Math.max(bytes, ALIGNMENT) - 1)
  const current = slabs[rank] as Slab | undefined
  if (current !== undefined && current.used + bytes <= current.buffer.byteLength) return current
  const size = Math.max(ARRAYS << rank, SMALLEST)
  return (slabs[rank] = { buffer: Buffer.allocUnsafeSlow(size).buffer, used: 0 })
}
