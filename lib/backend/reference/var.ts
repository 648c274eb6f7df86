import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const varForward: Kernels['varForward'] = (y, mean, std, x, rows, n, divisor, root) => {
  checkLength('varForward', 'y', y, rows)
  checkLength('varForward', 'mean', mean, rows)
  checkLength('varForward', 'std', std, rows)
  checkLength('varForward', 'x', x, rows * n)
  for (let r = 0; r < rows; r++) {
    const row = x.subarray(r * n, (r + 1) * n)
    mean[r] = meanOf(row)
    let squares = 0
    for (const value of row) squares += (value - mean[r]) ** 2
    std[r] = Math.sqrt(squares / divisor)
    y[r] = root ? std[r] : squares / divisor
  }
}

// What the first mean is off by, as of equal numbers in float64, is added to it.
function meanOf(row: FloatArray): number {
  let sum = 0
  for (const value of row) sum += value
  const near = sum / row.length
  let rest = 0
  for (const value of row) rest += value - near
  return Number.isFinite(rest) ? near + rest / row.length : near
}

export const varBackward: Kernels['varBackward'] = (dx, dy, x, mean, std, rows, n, divisor, root) => {
  checkLength('varBackward', 'dx', dx, rows * n)
  checkLength('varBackward', 'dy', dy, rows)
  checkLength('varBackward', 'x', x, rows * n)
  checkLength('varBackward', 'mean', mean, rows)
  checkLength('varBackward', 'std', std, rows)
  for (let r = 0; r < rows; r++) {
    const steep = std[r] === 0 ? 0 : dy[r] / std[r]
    const slope = (root ? steep : 2 * dy[r]) / divisor
    for (let i = r * n; i < (r + 1) * n; i++) dx[i] = slope * (x[i] - mean[r])
  }
}
