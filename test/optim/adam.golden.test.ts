import type { optim } from '../../lib/index.js'
import { readGolden } from '../golden.js'
import { type Golden, optimizerCases } from './golden.js'
import { adam } from './kinds.js'

// Recorded by golden/record_adam.py.
describe('Adam and AdamW, beside PyTorch', () => {
  optimizerCases(readGolden('adam') as Golden<Partial<optim.AdamOptions>>, adam)
})
