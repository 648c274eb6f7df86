import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const sqrtForward: Kernels['sqrtForward'] = (y, x) => {
  checkLength('sqrtForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = Math.sqrt(x[i])
}

export const sqrtBackward: Kernels['sqrtBackward'] = (dx, dy, y) => {
  checkLength('sqrtBackward', 'dx', dx, y.length)
  checkLength('sqrtBackward', 'dy', dy, y.length)
  for (let i = 0; i < y.length; i++) dx[i] = dy[i] / (2 * y[i])
}
