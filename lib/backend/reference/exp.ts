import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const expForward: Kernels['expForward'] = (y, x) => {
  checkLength('expForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = Math.exp(x[i])
}
