import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'
import { logistic } from './sigmoid.js'

export const siluForward: Kernels['siluForward'] = (y, x) => {
  checkLength('siluForward', 'y', y, x.length)
  for (let i = 0; i < x.length; i++) y[i] = x[i] * logistic(x[i])
}

export const siluBackward: Kernels['siluBackward'] = (dx, dy, x) => {
  checkLength('siluBackward', 'dx', dx, x.length)
  checkLength('siluBackward', 'dy', dy, x.length)
  for (let i = 0; i < x.length; i++) {
    const s = logistic(x[i])
    dx[i] = dy[i] * s * (1 + x[i] * (1 - s))
  }
}
