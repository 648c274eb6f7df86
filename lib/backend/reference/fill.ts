import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const fill: Kernels['fill'] = (y, n, value) => {
  checkLength('fill', 'y', y, n)
  y.fill(value)
}
