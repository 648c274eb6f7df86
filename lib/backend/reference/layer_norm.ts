import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'

export const layerNormForward: Kernels['layerNormForward'] = (y, mean, rstd, x, weight, bias, rows, cols, eps) => {
  checkLength('layerNormForward', 'y', y, rows * cols)
  checkLength('layerNormForward', 'mean', mean, rows)
  checkLength('layerNormForward', 'rstd', rstd, rows)
  checkLength('layerNormForward', 'x', x, rows * cols)
  checkOptionalLength('layerNormForward', 'weight', weight, cols)
  checkOptionalLength('layerNormForward', 'bias', bias, cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    let sum = 0
    for (let c = 0; c < cols; c++) sum += x[start + c]
    const rowMean = cols === 0 ? 0 : sum / cols

    let squares = 0
    for (let c = 0; c < cols; c++) squares += (x[start + c] - rowMean) ** 2
    const rowRstd = 1 / Math.sqrt(squares / cols + eps)

    for (let c = 0; c < cols; c++) {
      const normalized = (x[start + c] - rowMean) * rowRstd
      y[start + c] = normalized * (weight?.[c] ?? 1) + (bias?.[c] ?? 0)
    }
    mean[r] = rowMean
    rstd[r] = rowRstd
  }
}

// With g = dy * weight and n = (x - mean) * rstd:  dx = rstd * (g - mean(g) - n * mean(g * n)).
export const layerNormBackward: Kernels['layerNormBackward'] = (
  dx,
  dWeight,
  dBias,
  dy,
  x,
  weight,
  mean,
  rstd,
  rows,
  cols,
) => {
  checkOptionalLength('layerNormBackward', 'dx', dx, rows * cols)
  checkOptionalLength('layerNormBackward', 'dWeight', dWeight, cols)
  checkOptionalLength('layerNormBackward', 'dBias', dBias, cols)
  checkLength('layerNormBackward', 'dy', dy, rows * cols)
  checkLength('layerNormBackward', 'x', x, rows * cols)
  checkOptionalLength('layerNormBackward', 'weight', weight, cols)
  checkLength('layerNormBackward', 'mean', mean, rows)
  checkLength('layerNormBackward', 'rstd', rstd, rows)
  const weightSum = new Float64Array(cols)
  const biasSum = new Float64Array(cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    let gSum = 0
    let gnSum = 0
    for (let c = 0; c < cols; c++) {
      const normalized = (x[start + c] - mean[r]) * rstd[r]
      const g = dy[start + c] * (weight?.[c] ?? 1)
      gSum += g
      gnSum += g * normalized
      weightSum[c] += dy[start + c] * normalized
      biasSum[c] += dy[start + c]
    }
    if (dx === undefined) continue
    for (let c = 0; c < cols; c++) {
      const normalized = (x[start + c] - mean[r]) * rstd[r]
      const g = dy[start + c] * (weight?.[c] ?? 1)
      dx[start + c] = rstd[r] * (g - gSum / cols - (normalized * gnSum) / cols)
    }
  }
  dWeight?.set(weightSum)
  dBias?.set(biasSum)
}
