import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

/** The largest value of one row, and the sum of the exponentials of the row less that, which cannot overflow. */
export function sumExp(x: FloatArray, start: number, cols: number): [largest: number, total: number] {
  let largest = -Infinity
  for (let c = 0; c < cols; c++) largest = Math.max(largest, x[start + c])
  let total = 0
  for (let c = 0; c < cols; c++) total += Math.exp(x[start + c] - largest)
  return [largest, total]
}

export const softmaxForward: Kernels['softmaxForward'] = (y, x, rows, cols) => {
  checkLength('softmaxForward', 'y', y, rows * cols)
  checkLength('softmaxForward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, total] = sumExp(x, start, cols)
    for (let c = 0; c < cols; c++) y[start + c] = Math.exp(x[start + c] - largest) / total
  }
}

export const softmaxBackward: Kernels['softmaxBackward'] = (dx, dy, x, rows, cols) => {
  checkLength('softmaxBackward', 'dx', dx, rows * cols)
  checkLength('softmaxBackward', 'dy', dy, rows * cols)
  checkLength('softmaxBackward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, total] = sumExp(x, start, cols)
    let weighted = 0
    for (let c = 0; c < cols; c++) weighted += dy[start + c] * Math.exp(x[start + c] - largest)
    const mean = weighted / total
    for (let c = 0; c < cols; c++) {
      dx[start + c] = (dy[start + c] - mean) * (Math.exp(x[start + c] - largest) / total)
    }
  }
}

export const safeSoftmaxForward: Kernels['safeSoftmaxForward'] = (y, x, rows, cols) => {
  checkLength('safeSoftmaxForward', 'y', y, rows * cols)
  checkLength('safeSoftmaxForward', 'x', x, rows * cols)
  softmaxForward(y, x, rows, cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const isMasked = x.subarray(start, start + cols).every((value) => value === -Infinity)
    if (isMasked) y.fill(0, start, start + cols)
  }
}

export const safeSoftmaxBackward: Kernels['safeSoftmaxBackward'] = (dx, dy, y, rows, cols) => {
  checkLength('safeSoftmaxBackward', 'dx', dx, rows * cols)
  checkLength('safeSoftmaxBackward', 'dy', dy, rows * cols)
  checkLength('safeSoftmaxBackward', 'y', y, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    let [weighted, total] = [0, 0]
    for (let c = 0; c < cols; c++) {
      weighted += dy[start + c] * y[start + c]
      total += y[start + c]
    }
    const mean = total === 0 ? 0 : weighted / total
    for (let c = 0; c < cols; c++) dx[start + c] = (dy[start + c] - mean) * y[start + c]
  }
}

export const logSoftmaxForward: Kernels['logSoftmaxForward'] = (y, x, rows, cols) => {
  checkLength('logSoftmaxForward', 'y', y, rows * cols)
  checkLength('logSoftmaxForward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, exponentials] = sumExp(x, start, cols)
    // Added to the largest value, the logarithm would be rounded to its precision.
    const rest = Math.log(exponentials)
    for (let c = 0; c < cols; c++) y[start + c] = x[start + c] - largest - rest
  }
}

export const logSoftmaxBackward: Kernels['logSoftmaxBackward'] = (dx, dy, x, rows, cols) => {
  checkLength('logSoftmaxBackward', 'dx', dx, rows * cols)
  checkLength('logSoftmaxBackward', 'dy', dy, rows * cols)
  checkLength('logSoftmaxBackward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, exponentials] = sumExp(x, start, cols)
    let total = 0
    for (let c = 0; c < cols; c++) total += dy[start + c]
    const scale = total / exponentials
    for (let c = 0; c < cols; c++) dx[start + c] = dy[start + c] - Math.exp(x[start + c] - largest) * scale
  }
}
