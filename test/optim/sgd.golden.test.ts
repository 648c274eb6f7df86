import type { optim } from '../../lib/index.js'
import { readGolden } from '../golden.js'
import { type Golden, optimizerCases } from './golden.js'
import { sgd } from './kinds.js'

// Recorded by golden/record_sgd.py.
describe('SGD, beside PyTorch', () => {
  optimizerCases(readGolden('sgd') as Golden<Partial<optim.SGDOptions>>, sgd)
})
