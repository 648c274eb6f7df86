import { optim } from '../../lib/index.js'
import { optimizerCases } from './golden.js'

// Recorded by golden/record_sgd.py.
describe('SGD, beside PyTorch', () => {
  optimizerCases<Partial<optim.SGDOptions>>({
    file: 'sgd',
    make: (_, params, options) => new optim.SGD(params, options),
    state: { momentumBuffer: true },
    growth: ({ momentum = 0 }) => 1 / (1 - momentum),
  })
})
