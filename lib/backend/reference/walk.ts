import { product } from './lengths.js'

/** What is done with one stretch: where it starts in the output, its length, and the places and steps in the inputs. */
type Run = (start: number, length: number, aAt: number, aStep: number, bAt: number, bStep: number) => void

/** Calls `run` for every stretch along the last dimension, in the order of the dense output. */
export function walk(shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array, run: Run): void {
  const last = shape.length - 1
  if (last < 0) {
    run(0, 1, 0, 0, 0, 0)
    return
  }
  const visit = (dim: number, start: number, aAt: number, bAt: number): void => {
    if (dim === last) {
      run(start, shape[dim], aAt, aStrides[dim], bAt, bStrides[dim])
      return
    }
    const size = product(shape.subarray(dim + 1))
    for (let i = 0; i < shape[dim]; i++) {
      visit(dim + 1, start + i * size, aAt + i * aStrides[dim], bAt + i * bStrides[dim])
    }
  }
  visit(0, 0, 0, 0)
}
