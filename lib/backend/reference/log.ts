import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const logForward: Kernels['logForward'] = (y, x) => {
  checkLength('logForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = Math.log(x[i])
}
