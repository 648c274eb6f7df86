import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

describe('linear, beside PyTorch', () => {
  testCases<{ bias: boolean }>('linear', ({ input, weight, bias }, args) =>
    nn.functional.linear(input, weight, args.bias ? bias : undefined),
  )
})
