import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  normalizedShape: number[]
  use: string[]
  eps?: number
}

describe('rmsNorm, beside PyTorch', () => {
  testCases<Args>(
    'rms_norm',
    ({ input, weight }, { normalizedShape, use, eps }) =>
      nn.functional.rmsNorm(input, normalizedShape, { weight: use.includes('weight') ? weight : undefined, eps }),
    { roundings: 1.0001 },
  )
})
