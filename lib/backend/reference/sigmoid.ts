import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const sigmoidForward: Kernels['sigmoidForward'] = (y, x) => {
  checkLength('sigmoidForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = logistic(x[i])
}

export const sigmoidBackward: Kernels['sigmoidBackward'] = (dx, dy, y) => {
  checkLength('sigmoidBackward', 'dx', dx, y.length)
  checkLength('sigmoidBackward', 'dy', dy, y.length)
  for (let i = 0; i < y.length; i++) dx[i] = dy[i] * (1 - y[i]) * y[i]
}

/** The logistic function of one number. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
