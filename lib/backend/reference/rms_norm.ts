import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'

export const rmsNormForward: Kernels['rmsNormForward'] = (y, rstd, x, weight, rows, cols, eps) => {
  checkLength('rmsNormForward', 'y', y, rows * cols)
  checkLength('rmsNormForward', 'rstd', rstd, rows)
  checkLength('rmsNormForward', 'x', x, rows * cols)
  checkOptionalLength('rmsNormForward', 'weight', weight, cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    let squares = 0
    for (let c = 0; c < cols; c++) squares += x[start + c] ** 2
    const rowRstd = 1 / Math.sqrt(squares / cols + eps)
    for (let c = 0; c < cols; c++) y[start + c] = x[start + c] * rowRstd * (weight?.[c] ?? 1)
    rstd[r] = rowRstd
  }
}

// With g = dy * weight and n = x * rstd:  dx = rstd * (g - n * mean(g * n)).
export const rmsNormBackward: Kernels['rmsNormBackward'] = (dx, dWeight, dy, x, weight, rstd, rows, cols) => {
  checkOptionalLength('rmsNormBackward', 'dx', dx, rows * cols)
  checkOptionalLength('rmsNormBackward', 'dWeight', dWeight, cols)
  checkLength('rmsNormBackward', 'dy', dy, rows * cols)
  checkLength('rmsNormBackward', 'x', x, rows * cols)
  checkOptionalLength('rmsNormBackward', 'weight', weight, cols)
  checkLength('rmsNormBackward', 'rstd', rstd, rows)
  const weightSum = new Float64Array(cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    let gnSum = 0
    for (let c = 0; c < cols; c++) {
      const normalized = x[start + c] * rstd[r]
      gnSum += dy[start + c] * (weight?.[c] ?? 1) * normalized
      weightSum[c] += dy[start + c] * normalized
    }
    if (dx === undefined) continue
    for (let c = 0; c < cols; c++) {
      const g = dy[start + c] * (weight?.[c] ?? 1)
      dx[start + c] = rstd[r] * (g - (x[start + c] * rstd[r] * gnSum) / cols)
    }
  }
  dWeight?.set(weightSum)
}
