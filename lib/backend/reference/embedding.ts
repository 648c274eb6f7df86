import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const embeddingForward: Kernels['embeddingForward'] = (y, weight, indices, rows, cols) => {
  const kernel = 'embeddingForward'
  checkLength(kernel, 'y', y, indices.length * cols)
  checkLength(kernel, 'weight', weight, rows * cols)
  checkIndices(kernel, indices, rows)
  indices.forEach((row, i) => {
    y.set(weight.subarray(row * cols, (row + 1) * cols), i * cols)
  })
}

export const embeddingBackward: Kernels['embeddingBackward'] = (dWeight, dy, indices, rows, cols, paddingIdx) => {
  const kernel = 'embeddingBackward'
  checkLength(kernel, 'dWeight', dWeight, rows * cols)
  checkLength(kernel, 'dy', dy, indices.length * cols)
  checkIndices(kernel, indices, rows)
  const total = new Float64Array(rows * cols)
  indices.forEach((row, i) => {
    if (row === paddingIdx) return
    for (let c = 0; c < cols; c++) total[row * cols + c] += dy[i * cols + c]
  })
  dWeight.set(total)
}

function checkIndices(kernel: string, indices: Int32Array, rows: number): void {
  const bad = indices.find((index) => index < 0 || index >= rows)
  if (bad !== undefined) throw new RangeError(`${kernel}: index ${bad} is outside [0, ${rows})`)
}
