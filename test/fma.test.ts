import { expect } from 'chai'
import { fusedMultiplyAdd } from '../lib/generator/fma.js'

describe('fusedMultiplyAdd', () => {
  const below = 1 - 2 ** -24
  const above = 1 + 2 ** -23

  it('rounds once', () => {
    expect(fusedMultiplyAdd(above, below, -1)).to.equal(2 ** -24 - 2 ** -47)
    expect(Math.fround(above * below) - 1).to.not.equal(2 ** -24 - 2 ** -47)
  })

  it('breaks a tie by what a double could not hold', () => {
    // The product is 2^-24 - 2^-70: with it, the sums are nearly half-way between floats, and as doubles half-way.
    const product = [2 ** -12 * above, 2 ** -12 * (1 - 2 ** -23)] as const
    for (const sign of [1, -1]) {
      expect(fusedMultiplyAdd(sign * product[0], product[1], above)).to.equal(above)
      expect(Math.fround(sign * product[0] * product[1] + above)).to.not.equal(above)
    }
  })

  it('gives infinity beyond the largest float, whichever way the double was rounded', () => {
    const [large, factor] = [1e30, 1e10].map(Math.fround)
    for (const c of [1, -1, 0]) {
      expect(fusedMultiplyAdd(large, factor, c)).to.equal(Infinity)
      expect(fusedMultiplyAdd(large, -factor, c)).to.equal(-Infinity)
    }
  })

  it('passes on what is not finite', () => {
    expect(fusedMultiplyAdd(Infinity, 1, 1)).to.equal(Infinity)
    expect(fusedMultiplyAdd(1, 1, -Infinity)).to.equal(-Infinity)
    expect(fusedMultiplyAdd(Infinity, 0, 1)).to.be.NaN
    expect(fusedMultiplyAdd(Infinity, 1, -Infinity)).to.be.NaN
  })
})
