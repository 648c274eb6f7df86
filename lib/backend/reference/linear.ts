import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'
import { sum } from './reduce.js'
import { reluBackward, reluForward } from './relu.js'
import { sgemm } from './sgemm.js'

export const linearForward: Kernels['linearForward'] = (y, x, weight, bias, rows, outFeatures, inFeatures, relu) => {
  checkLength('linearForward', 'y', y, rows * outFeatures)
  checkLength('linearForward', 'x', x, rows * inFeatures)
  checkLength('linearForward', 'weight', weight, outFeatures * inFeatures)
  checkOptionalLength('linearForward', 'bias', bias, outFeatures)
  if (bias) for (let r = 0; r < rows; r++) y.set(bias, r * outFeatures)
  sgemm(y, x, weight, false, true, rows, outFeatures, inFeatures, 1, bias ? 1 : 0)
  if (relu) reluForward(y, y)
}

export const linearBackward: Kernels['linearBackward'] = (
  dx,
  dWeight,
  dBias,
  dz,
  dy,
  z,
  x,
  weight,
  rows,
  outFeatures,
  inFeatures,
) => {
  checkOptionalLength('linearBackward', 'dx', dx, rows * inFeatures)
  checkOptionalLength('linearBackward', 'dWeight', dWeight, outFeatures * inFeatures)
  checkOptionalLength('linearBackward', 'dBias', dBias, outFeatures)
  checkOptionalLength('linearBackward', 'dz', dz, rows * outFeatures)
  checkLength('linearBackward', 'dy', dy, rows * outFeatures)
  checkOptionalLength('linearBackward', 'z', z, rows * outFeatures)
  checkLength('linearBackward', 'x', x, rows * inFeatures)
  checkLength('linearBackward', 'weight', weight, outFeatures * inFeatures)
  if ((dz === undefined) !== (z === undefined)) {
    throw new RangeError('linearBackward: z and dz go together, expected both or neither')
  }
  if (dz && z) reluBackward(dz, dy, z)
  const gradient = dz ?? dy
  if (dx) sgemm(dx, gradient, weight, false, false, rows, inFeatures, outFeatures, 1, 0)
  if (dWeight) sgemm(dWeight, gradient, x, true, false, outFeatures, inFeatures, rows, 1, 0)
  if (dBias) sum(dBias, gradient, 1, rows, outFeatures)
}
