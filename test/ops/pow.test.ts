import { expect } from 'chai'
import { tensor } from '../../lib/index.js'

describe('pow with the exponents of roots', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const power = (exponent: number) => {
      const x = tensor([-Infinity, -0, 0, 4, Infinity, -1], { dtype, requiresGrad: true })
      const y = x.pow(exponent)
      y.sum().backward()
      return { y: y.toArray(), dx: x.grad?.toArray() }
    }

    it(`takes the root, as PyTorch does, in ${dtype}`, () => {
      expect(power(0.5)).to.deep.equal({
        y: [NaN, -0, 0, 2, Infinity, NaN],
        dx: [NaN, -Infinity, Infinity, 0.25, 0, NaN],
      })
    })

    it(`divides by the root, as PyTorch does, in ${dtype}`, () => {
      expect(power(-0.5)).to.deep.equal({
        y: [NaN, -Infinity, Infinity, 0.5, 0, NaN],
        dx: [-0, -Infinity, -Infinity, -0.0625, -0, NaN],
      })
    })
  }
})
