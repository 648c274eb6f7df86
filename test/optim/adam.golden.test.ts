import { optim } from '../../lib/index.js'
import { optimizerCases } from './golden.js'

// Recorded by golden/record_adam.py.
describe('Adam and AdamW, beside PyTorch', () => {
  optimizerCases<Partial<optim.AdamOptions>>({
    file: 'adam',
    make: (name, params, options) => new optim[name as 'Adam' | 'AdamW'](params, options),
    state: { step: false, expAvg: true, expAvgSq: false, maxExpAvgSq: false },
  })
})
