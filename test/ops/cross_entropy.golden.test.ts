import { nn } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  target: 'indices' | 'probabilities'
  weighted: boolean
  options: Omit<nn.functional.CrossEntropyOptions, 'weight'>
}

describe('crossEntropy, beside PyTorch', () => {
  testCases<Args>(
    'cross_entropy',
    (inputs, { target, weighted, options }) => {
      const weight = weighted ? inputs.weight.detach() : undefined
      return nn.functional.crossEntropy(inputs.input, inputs[target], { weight, ...options })
    },
    // A gradient is the difference of a probability and its target, which may both be larger than all differences.
    { roundings: 4 },
  )
})
