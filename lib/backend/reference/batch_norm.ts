import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'

interface Statistics {
  mean: number
  variance: number
}

export const batchNormForward: Kernels['batchNormForward'] = (
  y,
  mean,
  rstd,
  runningMean,
  runningVar,
  x,
  weight,
  bias,
  momentum,
  outer,
  channels,
  inner,
  eps,
  training,
) => {
  checkLength('batchNormForward', 'y', y, outer * channels * inner)
  checkLength('batchNormForward', 'mean', mean, channels)
  checkLength('batchNormForward', 'rstd', rstd, channels)
  checkOptionalLength('batchNormForward', 'runningMean', runningMean, channels)
  checkOptionalLength('batchNormForward', 'runningVar', runningVar, channels)
  checkLength('batchNormForward', 'x', x, outer * channels * inner)
  checkOptionalLength('batchNormForward', 'weight', weight, channels)
  checkOptionalLength('batchNormForward', 'bias', bias, channels)
  checkLength('batchNormForward', 'momentum', momentum, 1)
  if (!training && (runningMean === undefined || runningVar === undefined)) {
    throw new RangeError('batchNormForward: the running statistics are absent outside of training')
  }
  const count = outer * inner
  for (let c = 0; c < channels; c++) {
    const batch = training ? statisticsOf(x, c, outer, channels, inner) : undefined
    if (batch !== undefined && count > 0) {
      follow(runningMean, c, momentum[0], batch.mean)
      follow(runningVar, c, momentum[0], (batch.variance * count) / (count - 1))
    }
    mean[c] = batch?.mean ?? runningMean?.[c] ?? 0
    rstd[c] = 1 / Math.sqrt((batch?.variance ?? runningVar?.[c] ?? 1) + eps)
    const scale = rstd[c] * (weight?.[c] ?? 1)
    eachOf(c, outer, channels, inner, (i) => (y[i] = (x[i] - mean[c]) * scale + (bias?.[c] ?? 0)))
  }
}

// With n = (x - mean) * rstd:  dx = rstd * weight * (dy - mean(dy) - n * mean(dy * n)) in training.
export const batchNormBackward: Kernels['batchNormBackward'] = (
  dx,
  dWeight,
  dBias,
  dy,
  x,
  weight,
  mean,
  rstd,
  outer,
  channels,
  inner,
  training,
) => {
  checkOptionalLength('batchNormBackward', 'dx', dx, outer * channels * inner)
  checkOptionalLength('batchNormBackward', 'dWeight', dWeight, channels)
  checkOptionalLength('batchNormBackward', 'dBias', dBias, channels)
  checkLength('batchNormBackward', 'dy', dy, outer * channels * inner)
  checkLength('batchNormBackward', 'x', x, outer * channels * inner)
  checkOptionalLength('batchNormBackward', 'weight', weight, channels)
  checkLength('batchNormBackward', 'mean', mean, channels)
  checkLength('batchNormBackward', 'rstd', rstd, channels)
  const count = outer * inner
  for (let c = 0; c < channels; c++) {
    let sum = 0
    let sumTimesN = 0
    eachOf(c, outer, channels, inner, (i) => {
      sum += dy[i]
      sumTimesN += dy[i] * (x[i] - mean[c]) * rstd[c]
    })
    const scale = rstd[c] * (weight?.[c] ?? 1)
    eachOf(c, outer, channels, inner, (i) => {
      if (dx === undefined) return
      const n = (x[i] - mean[c]) * rstd[c]
      dx[i] = scale * (training ? difference(dy[i] - sum / count, (n * sumTimesN) / count) : dy[i])
    })
    if (dWeight !== undefined) dWeight[c] = sumTimesN
    if (dBias !== undefined) dBias[c] = sum
  }
}

/** `a - b`, or zero if that is no more than what rounding may have left of equal numbers. */
function difference(a: number, b: number): number {
  const left = a - b
  return Math.abs(left) <= Math.abs(a) * 2 ** -50 ? 0 : left
}

/** Calls `visit` with the position of each element of channel `c` in an (outer, channels, inner) array. */
function eachOf(c: number, outer: number, channels: number, inner: number, visit: (i: number) => void): void {
  for (let n = 0; n < outer; n++) {
    const start = (n * channels + c) * inner
    for (let i = start; i < start + inner; i++) visit(i)
  }
}

/** The mean of a channel and its biased variance; 0 and NaN if it has no elements. */
function statisticsOf(x: FloatArray, c: number, outer: number, channels: number, inner: number): Statistics {
  const count = outer * inner
  let sum = 0
  eachOf(c, outer, channels, inner, (i) => (sum += x[i]))
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  eachOf(c, outer, channels, inner, (i) => (squares += (x[i] - mean) ** 2))
  return { mean, variance: squares / count }
}

function follow(running: FloatArray | undefined, c: number, momentum: number, batch: number): void {
  if (running !== undefined) running[c] = (1 - momentum) * running[c] + momentum * batch
}
