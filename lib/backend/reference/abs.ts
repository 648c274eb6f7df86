import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const absForward: Kernels['absForward'] = (y, x) => {
  checkLength('absForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = Math.abs(x[i])
}

export const absBackward: Kernels['absBackward'] = (dx, dy, x) => {
  checkLength('absBackward', 'dx', dx, x.length)
  checkLength('absBackward', 'dy', dy, x.length)
  for (let i = 0; i < x.length; i++) dx[i] = dy[i] * (x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0)
}
