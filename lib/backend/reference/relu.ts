import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const reluForward: Kernels['reluForward'] = (y, x) => {
  checkLength('reluForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = x[i] < 0 ? 0 : x[i]
}

export const reluBackward: Kernels['reluBackward'] = (dx, dy, y) => {
  checkLength('reluBackward', 'dx', dx, y.length)
  checkLength('reluBackward', 'dy', dy, y.length)
  for (let i = 0; i < y.length; i++) dx[i] = y[i] <= 0 ? 0 : dy[i]
}
