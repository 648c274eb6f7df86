import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'

export const layerNormForward: Kernels['layerNormForward'] = (y, mean, rstd, x, weight, bias, rows, cols, eps) => {
  checkLength('layerNormForward', 'y', y, rows * cols)
  checkLength('layerNormForward', 'mean', mean, rows)
  checkLength('layerNormForward', 'rstd', rstd, rows)
  checkLength('layerNormForward', 'x', x, rows * cols)
  checkOptionalLength('layerNormForward', 'weight', weight, cols)
  checkOptionalLength('layerNormForward', 'bias', bias, cols)
  const scale = inFloat64(weight, cols, 1)
  const shift = inFloat64(bias, cols, 0)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    let sum = 0
    for (let c = 0; c < cols; c++) sum += x[start + c]
    const rowMean = cols === 0 ? 0 : sum / cols

    let squares = 0
    for (let c = 0; c < cols; c++) squares += (x[start + c] - rowMean) ** 2
    const rowRstd = 1 / Math.sqrt(squares / cols + eps)

    for (let c = 0; c < cols; c++) y[start + c] = (x[start + c] - rowMean) * rowRstd * scale[c] + shift[c]
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
  const scale = inFloat64(weight, cols, 1)
  const weightSum = new Float64Array(cols)
  const biasSum = new Float64Array(cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    const rowMean = mean[r]
    const rowRstd = rstd[r]
    let gSum = 0
    let gnSum = 0
    for (let c = 0; c < cols; c++) {
      const normalized = (x[start + c] - rowMean) * rowRstd
      const gradient = dy[start + c]
      const g = gradient * scale[c]
      gSum += g
      gnSum += g * normalized
      weightSum[c] += gradient * normalized
      biasSum[c] += gradient
    }
    if (dx === undefined) continue
    const gMean = gSum / cols
    const gnMean = gnSum / cols
    for (let c = 0; c < cols; c++) {
      const normalized = (x[start + c] - rowMean) * rowRstd
      dx[start + c] = rowRstd * (dy[start + c] * scale[c] - gMean - normalized * gnMean)
    }
  }
  dWeight?.set(weightSum)
  dBias?.set(biasSum)
}

/** The parameters, or as many times what stands for absent ones: a loop over them has no cases to tell apart. */
function inFloat64(parameters: FloatArray | undefined, length: number, absent: number): Float64Array {
  return parameters === undefined ? new Float64Array(length).fill(absent) : new Float64Array(parameters)
}
