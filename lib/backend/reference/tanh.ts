import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const tanhForward: Kernels['tanhForward'] = (y, x) => {
  checkLength('tanhForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = Math.tanh(x[i])
}

export const tanhBackward: Kernels['tanhBackward'] = (dx, dy, y) => {
  checkLength('tanhBackward', 'dx', dx, y.length)
  checkLength('tanhBackward', 'dy', dy, y.length)
  for (let i = 0; i < y.length; i++) dx[i] = dy[i] * (1 - y[i] * y[i])
}
