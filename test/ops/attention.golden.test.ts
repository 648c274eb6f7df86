import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  mask?: string
  options: nn.functional.AttentionOptions
}

describe('scaledDotProductAttention, beside PyTorch', () => {
  testCases<Args>(
    'attention',
    (inputs, { mask, options }) => {
      const attnMask = mask === undefined ? undefined : inputs[mask]
      return nn.functional.scaledDotProductAttention(inputs.query, inputs.key, inputs.value, { attnMask, ...options })
    },
    // The gradient of a score is a difference of numbers that may be larger, and products with it follow. Over many random
    // inputs the errors are four fifths of PyTorch's; on the few numbers of one case, either may be larger by luck.
    { factor: 3, roundings: 10 },
  )
})
