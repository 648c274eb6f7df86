import { nn, type Tensor } from '../../lib/index.js'
import { testCases } from '../golden.js'

const F = nn.functional

describe('nllLoss, beside PyTorch', () => {
  testCases<{ weighted: boolean; options: Omit<nn.functional.NLLLossOptions, 'weight'> }>(
    'nll_loss',
    ({ input, target, weight }, { weighted, options }) =>
      F.nllLoss(input, target, { weight: weighted ? weight.detach() : undefined, ...options }),
    { roundings: 1.0001 },
  )
})

describe('mseLoss, beside PyTorch', () => {
  testCases<nn.functional.MSELossOptions>('mse_loss', ({ input, target }, options) => F.mseLoss(input, target, options))
})

describe('binaryCrossEntropyWithLogits, beside PyTorch', () => {
  testCases<{ weights: Record<string, string>; options: nn.functional.BCEWithLogitsOptions }>(
    'bce_with_logits',
    (inputs, { weights, options }) => {
      const own = Object.entries(weights).map(([option, name]): [string, Tensor] => [option, inputs[name].detach()])
      const given: nn.functional.BCEWithLogitsOptions = { ...Object.fromEntries(own), ...options }
      return F.binaryCrossEntropyWithLogits(inputs.input, inputs.target, given)
    },
  )
})
