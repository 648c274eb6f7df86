import type { ArrayOf, DType } from '../dtype.js'

/** Blocks of equal length in an array: where the first begins, and how far apart they begin. */
export interface Blocks {
  readonly data: ArrayOf[DType]
  readonly start: number
  readonly step: number
}

/** From here on, copying a block at once is faster than element by element. */
const LONG = 32

/** Copies `count` blocks of `length` elements. */
export function copyBlocks(to: Blocks, from: Blocks, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const [toAt, fromAt] = [to.start + i * to.step, from.start + i * from.step]
    if (length >= LONG) to.data.set(from.data.subarray(fromAt, fromAt + length), toAt)
    else for (let j = 0; j < length; j++) to.data[toAt + j] = from.data[fromAt + j]
  }
}
