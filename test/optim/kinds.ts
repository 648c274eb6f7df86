import { optim } from '../../lib/index.js'
import type { Kind } from './golden.js'

/** How Adam and AdamW are made and compared. */
export const adam: Kind<Partial<optim.AdamOptions>> = {
  make: (name, params, options) => new optim[name as 'Adam' | 'AdamW'](params, options),
  state: { step: false, expAvg: true, expAvgSq: false, maxExpAvgSq: false },
}

/** How SGD is made and compared. */
export const sgd: Kind<Partial<optim.SGDOptions>> = {
  make: (_, params, options) => new optim.SGD(params, options),
  state: { momentumBuffer: true },
  growth: ({ momentum = 0 }) => 1 / (1 - momentum),
}
