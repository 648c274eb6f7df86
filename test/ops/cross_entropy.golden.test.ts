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
    { roundings: 1.0001 },
  )
})
