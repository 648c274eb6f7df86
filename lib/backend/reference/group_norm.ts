import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'

export const groupNormForward: Kernels['groupNormForward'] = (
  y,
  mean,
  rstd,
  x,
  weight,
  bias,
  outer,
  channels,
  inner,
  groups,
  eps,
) => {
  checkGroups('groupNormForward', channels, groups)
  checkLength('groupNormForward', 'y', y, outer * channels * inner)
  checkLength('groupNormForward', 'mean', mean, outer * groups)
  checkLength('groupNormForward', 'rstd', rstd, outer * groups)
  checkLength('groupNormForward', 'x', x, outer * channels * inner)
  checkOptionalLength('groupNormForward', 'weight', weight, channels)
  checkOptionalLength('groupNormForward', 'bias', bias, channels)
  const count = (channels / groups) * inner
  for (let g = 0; g < outer * groups; g++) {
    const [start, end] = [g * count, (g + 1) * count]
    let sum = 0
    for (let i = start; i < end; i++) sum += x[i]
    mean[g] = count === 0 ? 0 : sum / count

    let squares = 0
    for (let i = start; i < end; i++) squares += (x[i] - mean[g]) ** 2
    rstd[g] = 1 / Math.sqrt(squares / count + eps)

    for (let i = start; i < end; i++) {
      const c = Math.floor(i / inner) % channels
      y[i] = (x[i] - mean[g]) * rstd[g] * (weight?.[c] ?? 1) + (bias?.[c] ?? 0)
    }
  }
}

// With h = dy * weight and n = (x - mean) * rstd:  dx = rstd * (h - mean(h) - n * mean(h * n)) over each group.
export const groupNormBackward: Kernels['groupNormBackward'] = (
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
  groups,
) => {
  checkGroups('groupNormBackward', channels, groups)
  checkOptionalLength('groupNormBackward', 'dx', dx, outer * channels * inner)
  checkOptionalLength('groupNormBackward', 'dWeight', dWeight, channels)
  checkOptionalLength('groupNormBackward', 'dBias', dBias, channels)
  checkLength('groupNormBackward', 'dy', dy, outer * channels * inner)
  checkLength('groupNormBackward', 'x', x, outer * channels * inner)
  checkOptionalLength('groupNormBackward', 'weight', weight, channels)
  checkLength('groupNormBackward', 'mean', mean, outer * groups)
  checkLength('groupNormBackward', 'rstd', rstd, outer * groups)
  const width = channels / groups
  const count = width * inner
  const weightSum = new Float64Array(channels)
  const biasSum = new Float64Array(channels)
  for (let g = 0; g < outer * groups; g++) {
    let hSum = 0
    let hnSum = 0
    for (let row = g * width; row < (g + 1) * width; row++) {
      const c = row % channels
      let sum = 0
      let dSum = 0
      for (let i = row * inner; i < (row + 1) * inner; i++) {
        sum += dy[i]
        dSum += dy[i] * (x[i] - mean[g])
      }
      weightSum[c] += rstd[g] * dSum
      biasSum[c] += sum
      hSum += sum * (weight?.[c] ?? 1)
      hnSum += rstd[g] * dSum * (weight?.[c] ?? 1)
    }
    if (dx === undefined) continue
    for (let i = g * count; i < (g + 1) * count; i++) {
      const h = dy[i] * (weight?.[Math.floor(i / inner) % channels] ?? 1)
      const n = (x[i] - mean[g]) * rstd[g]
      dx[i] = rstd[g] * (h - hSum / count - (n * hnSum) / count)
    }
  }
  dWeight?.set(weightSum)
  dBias?.set(biasSum)
}

function checkGroups(kernel: string, channels: number, groups: number): void {
  if (groups > 0 && channels % groups === 0) return
  throw new RangeError(`${kernel}: ${channels} channels make no ${groups} groups`)
}
