import type { Elements, Kernels } from '../../../binding.js'
import { checkHolds } from './lengths.js'

/** From here on, copying a block at once is faster than element by element. */
const LONG = 32

export const copyBlocks: Kernels['copyBlocks'] = (y, x, yStart, yStep, xStart, xStep, count, length) => {
  checkHolds('copyBlocks', y, x)
  checkBlocks('y', y, yStart, yStep, count, length)
  checkBlocks('x', x, xStart, xStep, count, length)
  for (let i = 0; i < count; i++) {
    const [to, from] = [yStart + i * yStep, xStart + i * xStep]
    if (length >= LONG) y.set(x.subarray(from, from + length), to)
    else for (let j = 0; j < length; j++) y[to + j] = x[from + j]
  }
}

function checkBlocks(argument: string, array: Elements, start: number, step: number, count: number, length: number) {
  if (count === 0 || start + (count - 1) * step + length <= array.length) return
  throw new RangeError(`copyBlocks: ${argument} has ${array.length} elements, the blocks reach beyond`)
}
