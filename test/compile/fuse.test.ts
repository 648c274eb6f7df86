import { expect } from 'chai'
import { compile, manualSeed, nn, profile, randn, type Tensor } from '../../lib/index.js'

const { relu } = nn.functional

/**
 * How many kernels capturing saves `make()`. Runs it twice, and holds the second results to those of the function itself.
 */
function savedOf(make: () => (x: Tensor) => Tensor | Tensor[]): number {
  const results = [make(), compile(make())].map((f) => {
    manualSeed(1)
    f(randn([9, 6]))
    return [f(randn([9, 6]))].flat().map((tensor) => tensor.toArray())
  })
  expect(results[1]).to.deep.equal(results[0])
  const [f, captured] = [make(), compile(make())]
  const { operations } = profile(() => f(randn([9, 6])))
  captured(randn([9, 6]))
  return operations.reduce((sum, { calls }) => sum + calls, 0) - captured.info().kernels
}

function layer(): nn.Linear {
  manualSeed(2)
  return new nn.Linear(6, 4)
}

describe('kernels that are fused in a captured function', () => {
  it('are a linear map and the ReLU after it', () => {
    const saved = savedOf(() => {
      const fc = layer()
      return (x) => relu(fc.forward(x))
    })
    expect(saved).to.equal(1)
  })

  it('are their backward passes', () => {
    const saved = savedOf(() => {
      const fc = layer()
      return (x) => {
        fc.zeroGrad()
        relu(fc.forward(x)).sum().backward()
        return [fc.weight.gradient, fc.bias?.gradient].flatMap((gradient) => gradient?.clone() ?? [])
      }
    })
    expect(saved).to.equal(2)
  })

  it('are not those whose result between them is used elsewhere', () => {
    const returned = savedOf(() => {
      const fc = layer()
      return (x) => {
        const y = fc.forward(x)
        return [relu(y), y]
      }
    })
    const added = savedOf(() => {
      const fc = layer()
      return (x) => {
        const y = fc.forward(x)
        return relu(y).add(y)
      }
    })
    expect([returned, added]).to.deep.equal([0, 0])
  })
})
