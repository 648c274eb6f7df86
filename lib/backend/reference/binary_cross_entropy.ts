import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength } from './lengths.js'
import { logistic } from './sigmoid.js'

/** `log(1 / (1 + exp(-x)))`, without overflow. */
function logLogistic(x: number): number {
  return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))
}

export const binaryCrossEntropyForward: Kernels['binaryCrossEntropyForward'] = (loss, x, target, posWeight) => {
  const kernel = 'binaryCrossEntropyForward'
  checkLength(kernel, 'x', x, loss.length)
  checkLength(kernel, 'target', target, loss.length)
  checkOptionalLength(kernel, 'posWeight', posWeight, loss.length)
  for (let i = 0; i < loss.length; i++) {
    const q = 1 + ((posWeight?.[i] ?? 1) - 1) * target[i]
    loss[i] = (1 - target[i]) * x[i] - q * logLogistic(x[i])
  }
}

export const binaryCrossEntropyBackward: Kernels['binaryCrossEntropyBackward'] = (
  dx,
  dTarget,
  scale,
  x,
  target,
  posWeight,
) => {
  const kernel = 'binaryCrossEntropyBackward'
  checkOptionalLength(kernel, 'dx', dx, x.length)
  checkOptionalLength(kernel, 'dTarget', dTarget, x.length)
  checkLength(kernel, 'target', target, x.length)
  checkOptionalLength(kernel, 'posWeight', posWeight, x.length)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, x.length)
  for (let i = 0; i < x.length; i++) {
    const factor = scale.length === 1 ? scale[0] : scale[i]
    const w = posWeight?.[i] ?? 1
    const positive = w * target[i]
    if (dx) dx[i] = factor * ((1 - target[i] + positive) * logistic(x[i]) - positive)
    if (dTarget) dTarget[i] = factor * (logLogistic(-x[i]) - w * logLogistic(x[i]))
  }
}
