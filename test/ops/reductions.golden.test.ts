import { testCases } from '../golden.js'

interface Args {
  name: 'sum' | 'mean' | 'var' | 'std' | 'argmax' | 'log_softmax'
  dim?: number | number[]
  options: { keepdim?: boolean; correction?: number }
}

describe('reductions, beside PyTorch', () => {
  testCases<Args>(
    'reductions',
    ({ input }, { name, dim, options }) => {
      if (name === 'log_softmax') return input.logSoftmax(Number(dim))
      if (name === 'argmax') return input.argmax(dim as number | undefined, options)
      return input[name](dim, options)
    },
    // Of randn + 1000, the gradient of the variance holds the rounding of the mean: PyTorch's happens to round well.
    { factor: 3 },
  )
})
