import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  numGroups: number
  use: string[]
  eps?: number
}

describe('groupNorm, beside PyTorch', () => {
  testCases<Args>('group_norm', ({ input, ...affine }, { numGroups, use, eps }) => {
    const chosen = Object.fromEntries(use.map((name) => [name, affine[name]]))
    return nn.functional.groupNorm(input, numGroups, { ...chosen, eps })
  })
})
