import { inspect } from 'node:util'
import { expect } from 'chai'
import { optim, zeros } from '../../lib/index.js'
import { readGolden } from '../golden.js'

function parameters() {
  return [zeros([1], { requiresGrad: true })]
}

function scheduled(): optim.SGD {
  const optimizer = new optim.SGD(parameters(), { lr: 1, momentum: 0.9, nesterov: true })
  new optim.lrScheduler.StepLR(optimizer, 2)
  return optimizer
}

/** The optimizers that golden/record_print.py prints, under its names for them. */
const optimizers: Record<string, () => object> = {
  adam: () => new optim.Adam(parameters()),
  'adam of two groups': () =>
    new optim.Adam(
      [
        { params: parameters(), lr: 0.5 },
        { params: parameters(), betas: [0, 0.75] },
      ],
      { lr: 1e-5, amsgrad: true },
    ),
  adamW: () => new optim.AdamW(parameters()),
  'sgd, infinite rate': () => new optim.SGD(parameters(), { lr: Infinity }),
  sgd: () => new optim.SGD(parameters()),
  'sgd with a scheduler': scheduled,
}

/** Options that PyTorch alone has. */
const MISSING = /^ {4}(capturable|decoupled_weight_decay|differentiable|foreach|fused): .*\n/gm

describe('toString of an optimizer prints what PyTorch prints of the same options:', () => {
  const golden = readGolden('print') as { optimizers: Record<string, string> }
  for (const [name, text] of Object.entries(golden.optimizers)) {
    it(name, () => {
      expect(inspect(optimizers[name]())).to.equal(text.replace(MISSING, ''))
    })
  }
})
