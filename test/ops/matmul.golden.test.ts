import { testCases } from '../golden.js'

describe('matrix products, beside PyTorch', () => {
  testCases<{ name: 'matmul' | 'mm' }>('matmul', ({ a, b }, { name }) => a[name](b))
})
