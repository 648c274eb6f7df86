import type { Tensor } from '../../lib/index.js'
import { type Inputs, testCases } from '../golden.js'

interface Args {
  name: 'sum' | 'mean' | 'var' | 'std' | 'argmax' | 'log_softmax'
  dim?: number | number[]
  options: { keepdim?: boolean; correction?: number }
}

function reduce({ input }: Inputs, { name, dim, options }: Args): Tensor {
  if (name === 'log_softmax') return input.logSoftmax(Number(dim))
  if (name === 'argmax') return input.argmax(dim as number | undefined, options)
  return input[name](dim, options)
}

describe('reductions, beside PyTorch', () => {
  testCases<Args>('reductions', reduce)
})

describe('hard variances, beside PyTorch', () => {
  testCases<Args>('variances', reduce)
})
