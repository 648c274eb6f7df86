import type { Kernels } from '../../../binding.js'
import { isEngineState, Mt19937 } from '../../generator/mt19937.js'
import { checkLength } from './lengths.js'

export const bernoulli: Kernels['bernoulli'] = (y, state, n, p) => {
  checkLength('bernoulli', 'y', y, n)
  if (!isEngineState(state)) throw new RangeError('bernoulli: state is none of MT19937')
  const engine = new Mt19937(state)
  for (let i = 0; i < n; i++) y[i] = engine.uint53() * 2 ** -53 < p ? 1 : 0
}
