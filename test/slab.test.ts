import { expect } from 'chai'
import { nn, ones, randn, type Tensor } from '../lib/index.js'

/** The results of some operations, of a length that several of them share a buffer before anybody looks. */
function results(length: number): Tensor[] {
  const x = randn([length])
  return [x.add(1), x.mul(2), x.exp(), x.relu()]
}

const lengths = [1, 2, 16, 17, 1000, 4096, 4097, 20_000]

describe('the memory of results', () => {
  for (const length of lengths) {
    it(`of ${length} elements is a buffer of their own for those who look at it`, () => {
      for (const { data } of results(length)) {
        expect([data.byteOffset, data.buffer.byteLength]).to.deep.equal([0, 4 * length])
      }
    })

    it(`of ${length} elements keeps its values while others are computed and forgotten`, () => {
      const kept = results(length)
      const values = kept.map((tensor) => tensor.toArray())
      for (let i = 0; i < 200; i++) results(length)
      expect(kept.map((tensor) => tensor.toArray())).to.deep.equal(values)
    })
  }

  it('is one and the same however often, and by whatever name, it is looked at', () => {
    const x = ones([6]).mul(2)
    const matrix = x.reshape([2, 3])
    const { data } = matrix
    data[5] = 7
    expect(x.data).to.equal(data)
    expect(matrix.data).to.equal(data)
    expect(x.sum().item()).to.equal(17)
  })

  it('of one can be transferred away without that of the others', () => {
    const [first, ...others] = results(100)
    const values = others.map((tensor) => tensor.toArray())
    structuredClone(first.data, { transfer: [first.data.buffer as ArrayBuffer] })
    expect(() => first.add(1)).to.throw(RangeError, 'lost its elements')
    expect(others.map((tensor) => tensor.toArray())).to.deep.equal(values)
  })

  it('is what the backward pass reads, also where it was written to in between', () => {
    const x = ones([4], { requiresGrad: true })
    const factor = ones([4]).add(1)
    const y = x.mul(factor)
    factor.data[0] = 5
    y.sum().backward()
    expect(x.grad?.toArray()).to.deep.equal([5, 2, 2, 2])
  })

  it('becomes that of a parameter alone', () => {
    const { data } = new nn.Parameter(ones([8]).mul(3))
    expect(data.buffer.byteLength).to.equal(32)
  })
})
