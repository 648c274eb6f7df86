import { testCases } from '../golden.js'

interface Args {
  name: 'eq' | 'gt' | 'lt' | 'ge' | 'le' | 'add' | 'sub' | 'mul'
  number?: number
}

describe('comparisons and mixed types, beside PyTorch', () => {
  testCases<Args>('compare', ({ a, b }, { name, number }) => a[name](number ?? b))
})
