import { expect } from 'chai'
import { readOptions } from '../../bench/options.js'

describe('the options of the bench', () => {
  it('write the documents after whole runs alone', () => {
    expect(readOptions([]).writeDocs).to.equal(true)
    for (const args of [['--quick'], ['--only', 'LayerNorm'], ['--no-docs']]) {
      expect(readOptions(args).writeDocs).to.equal(false)
    }
  })

  it('are read', () => {
    const { quick, only, rounds } = readOptions(['--quick', '--only', 'a', '--only=b', '--rounds', '5'])
    expect([quick, only, rounds]).to.deep.equal([true, ['a', 'b'], 5])
  })

  it('are refused where they are none', () => {
    expect(() => readOptions(['--fast'])).to.throw(TypeError, /--fast/)
    for (const rounds of ['0', '1.5', 'many']) {
      expect(() => readOptions(['--rounds', rounds])).to.throw(RangeError, `got ${rounds}`)
    }
  })
})
