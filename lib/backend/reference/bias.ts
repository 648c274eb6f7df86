import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const biasForward: Kernels['biasForward'] = (y, bias, rows, cols) => {
  checkLength('biasForward', 'y', y, rows * cols)
  checkLength('biasForward', 'bias', bias, cols)
  for (let r = 0; r < rows; r++) y.set(bias, r * cols)
}

export const biasBackward: Kernels['biasBackward'] = (dBias, dy, rows, cols) => {
  checkLength('biasBackward', 'dBias', dBias, cols)
  checkLength('biasBackward', 'dy', dy, rows * cols)
  const total = new Float64Array(cols)
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) total[c] += dy[r * cols + c]
  dBias.set(total)
}
