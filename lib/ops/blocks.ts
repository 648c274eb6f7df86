import { runScript } from '../backend/index.js'
import type { ArrayOf, DType } from '../dtype.js'

/** Blocks of equal length in an array: where the first begins, and how far apart they begin. */
export interface Blocks {
  readonly array: ArrayOf[DType]
  readonly start: number
  readonly step: number
}

/** From here on, copying a block at once is faster than element by element. */
const LONG = 32

/** Copies `count` blocks of `length` elements. */
export function copyBlocks(to: Blocks, from: Blocks, count: number, length: number): void {
  runScript(copy, to.array, to.start, to.step, from.array, from.start, from.step, count, length)
}

function copy(
  to: ArrayOf[DType],
  toStart: number,
  toStep: number,
  from: ArrayOf[DType],
  fromStart: number,
  fromStep: number,
  count: number,
  length: number,
): void {
  for (let i = 0; i < count; i++) {
    const [toAt, fromAt] = [toStart + i * toStep, fromStart + i * fromStep]
    if (length >= LONG) to.set(from.subarray(fromAt, fromAt + length), toAt)
    else for (let j = 0; j < length; j++) to[toAt + j] = from[fromAt + j]
  }
}
