import { expect } from 'chai'
import { checkAgreement } from '../../bench/measure/agree.js'
import { iterationsFor, planRounds } from '../../bench/measure/plan.js'

describe('the bench', () => {
  it('fills a turn with as many iterations as fit, within the bounds of the workload', () => {
    expect(iterationsFor('copy', 0.001)).to.equal(60)
    expect(iterationsFor('copy', 10)).to.equal(1)
    expect(iterationsFor('train', 1e-6)).to.equal(400)
    expect(iterationsFor('copy', 1e-9)).to.equal(1e6)
  })

  it('gives what the slow ones leave of the budget to the fast ones, which keep their share in any case', () => {
    expect(planRounds([1, 1], 20)).to.deep.equal([10, 10])
    // The slow one's three rounds leave 8 of 20 seconds to two others, who keep their thirds.
    expect(planRounds([1, 4, 1], 20)).to.deep.equal([6, 3, 6])
    // One that needs 9 seconds of its 10 leaves 11 to the other.
    expect(planRounds([3, 0.5], 20)).to.deep.equal([3, 22])
    expect(planRounds([0.001, 100], 10)).to.deep.equal([31, 3])
  })

  it('accepts rounding and refuses other numbers, missing ones and NaN', () => {
    const expected = [2.5, 0]
    expect(() => checkAgreement('other', 'train', [2.5001, 0.00005], expected)).not.to.throw()
    for (const actual of [[2.51, 0], [2.5, 0.001], [2.5], [2.5, 0, 0], [NaN, 0]]) {
      expect(() => checkAgreement('other', 'train', actual, expected)).to.throw(/other does not compute .* \(train\)/)
    }
  })
})
