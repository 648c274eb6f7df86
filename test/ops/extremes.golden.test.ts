import type { ReduceOptions } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  name: 'max' | 'min'
  dim?: number
  part?: 'values' | 'indices'
  options?: ReduceOptions
}

describe('extremes, beside PyTorch', () => {
  testCases<Args>(
    'extremes',
    ({ input }, { name, dim, part, options }) =>
      dim === undefined || part === undefined ? input[name]() : input[name](dim, options)[part],
    { exact: () => true },
  )
})
