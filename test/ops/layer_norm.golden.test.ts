import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  normalizedShape: number[]
  use: string[]
  eps?: number
}

describe('layerNorm, beside PyTorch', () => {
  testCases<Args>('layer_norm', ({ input, ...affine }, { normalizedShape, use, eps }) => {
    const chosen = Object.fromEntries(use.map((name) => [name, affine[name]]))
    return nn.functional.layerNorm(input, normalizedShape, { ...chosen, eps })
  })
})
