import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const reduceLossForward: Kernels['reduceLossForward'] = (loss, totals, mean) => {
  checkLength('reduceLossForward', 'loss', loss, 1)
  checkLength('reduceLossForward', 'totals', totals, 2)
  loss[0] = mean ? totals[0] / totals[1] : totals[0]
}

export const reduceLossBackward: Kernels['reduceLossBackward'] = (scale, dy, totals, mean) => {
  checkLength('reduceLossBackward', 'scale', scale, dy.length)
  checkLength('reduceLossBackward', 'totals', totals, 2)
  for (let i = 0; i < dy.length; i++) scale[i] = mean ? dy[i] / totals[1] : dy[i]
}
