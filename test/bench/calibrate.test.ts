import { expect } from 'chai'
import { calibrate } from '../../bench/measure/calibrate.js'

describe('the calibration of the bench', () => {
  /** Somebody whose iterations take so many seconds, those of one turn each. */
  const taking = (...seconds: number[]) => {
    let turns = 0
    return {
      turn: (iterations: number) => {
        const each = seconds[Math.min(turns++, seconds.length - 1)]
        return Promise.resolve({ begin: 0, elapsed: iterations * each, latencies: [] })
      },
    }
  }

  it('makes turns as long as they should be', async () => {
    expect(await calibrate(taking(1e-3), 'train', false, 0.25)).to.equal(60)
  })

  it('is not misled by a turn that something held up', async () => {
    expect(await calibrate(taking(0.4, 1e-3), 'train', false, 0.25)).to.equal(60)
    expect(await calibrate(taking(1e-3, 1e-3, 1e-3, 0.4), 'train', false, 0.25)).to.equal(60)
  })
})
