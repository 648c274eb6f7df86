import { expect } from 'chai'
import { nn, ones, randn, tensor, zeros } from '../lib/index.js'
import { pow } from '../lib/ops/pow.js'

const F = nn.functional
const x = ones([2, 3])

describe('methods', () => {
  it('reject an argument too many', () => {
    expect(() => (x.flatten as (start: number) => unknown).call(x, 1)).to.throw(
      TypeError,
      'flatten: expected at most 0 arguments, got 1',
    )
  })
})

describe('integers, booleans and numbers', () => {
  it('keep the type of their elements where the result is a whole number', () => {
    const x = tensor(Int32Array.of(2, -3, 0, 2 ** 31 - 1)).reshape([2, 2])
    const results = [x.neg(), x.abs(), x.relu(), x.t(), x.mm(tensor(Int32Array.of(1, 0, 0, 1)).reshape([2, 2]))]
    expect(results.map(({ dtype }) => dtype)).to.deep.equal(results.map(() => 'int32'))
    expect(results.map((result) => [...result.data])).to.deep.equal([
      [-2, 3, 0, 1 - 2 ** 31],
      [2, 3, 0, 2 ** 31 - 1],
      [2, 0, 0, 2 ** 31 - 1],
      [2, 0, -3, 2 ** 31 - 1],
      [2, -3, 0, 2 ** 31 - 1],
    ])
    expect(
      tensor([[true, false]])
        .t()
        .toArray(),
    ).to.deep.equal([[true], [false]])
  })

  it('give a float32 where it is not', () => {
    for (const name of ['exp', 'log', 'sqrt', 'sigmoid', 'tanh'] as const) {
      for (const x of [tensor(Int32Array.of(1, 0)), tensor([true, false])]) {
        const y = x[name]()
        expect([y.dtype, y.toArray()]).to.deep.equal(['float32', tensor([1, 0])[name]().toArray()], name)
      }
    }
  })

  it('count how many predictions are right', () => {
    const target = tensor([2, 0, 1, 1], { dtype: 'int32' })
    const logits = tensor([0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0]).reshape([4, 3])
    const right = logits.argmax(1).eq(target).sum()
    expect([right.dtype, right.item()]).to.deep.equal(['int32', 3])
  })

  it('are compared with a number in the type of the tensor, as in PyTorch', () => {
    expect(tensor([0.1]).eq(0.1).item()).to.equal(1)
    expect(
      tensor([2 ** 24 + 1], { dtype: 'int32' })
        .eq(2 ** 24)
        .item(),
    ).to.equal(0)
  })

  it('give a float32 where they are divided, or meet a fraction', () => {
    const halves = tensor([1, 2, -3], { dtype: 'int32' })
    for (const result of [halves.div(2), halves.mul(0.5)]) {
      expect([result.dtype, result.toArray()]).to.deep.equal(['float32', [0.5, 1, -1.5]])
    }
  })
})

describe('pow', () => {
  const integers = tensor(Int32Array.of(-3, -2, -1, 0, 1, 7, 46341, 2 ** 31 - 1, -(2 ** 31)))

  it('of integers counts modulo 2^32', () => {
    const powers = [2, 31, 2 ** 31 - 1].map((exponent) => integers.pow(exponent))
    expect(powers.map(({ dtype, data }) => [dtype, ...data])).to.deep.equal([
      ['int32', 9, 4, 1, 0, 1, 49, -2147479015, 1, 0],
      ['int32', -1264544299, -2147483648, -1, 0, 1, 265001655, -741033651, 2147483647, 0],
      ['int32', 1431655765, 0, -1, 0, 1, -1227133513, 1171312589, 2147483647, 0],
    ])
    expect([...pow(2 ** 40 + 3, integers).data]).to.deep.equal([...pow(3, integers).data])
  })

  it('of integers to the negative elements of a tensor is 0, but of 1 and -1', () => {
    const powers = [-1, -2, -(2 ** 31)].map((exponent) => integers.pow(tensor(exponent, { dtype: 'int32' })))
    expect(powers.map(({ dtype, data }) => [dtype, ...data])).to.deep.equal([
      ['int32', 0, 0, -1, 0, 1, 0, 0, 0, 0],
      ['int32', 0, 0, 1, 0, 1, 0, 0, 0, 0],
      ['int32', 0, 0, 1, 0, 1, 0, 0, 0, 0],
    ])
  })

  it('is of the type of a float tensor, or a float32 beside a fraction', () => {
    const truths = tensor([true, false])
    const halves = tensor([0.5, -2], { dtype: 'float64' })
    const results = [truths.pow(halves), halves.pow(truths), truths.pow(0.5), pow(0.5, truths), truths.pow(3)]
    expect(results.map(({ dtype, data }) => [dtype, ...data])).to.deep.equal([
      ['float64', 1, Infinity],
      ['float64', 0.5, 1],
      ['float32', 1, 0],
      ['float32', 0.5, 1],
      ['int32', 1, 0],
    ])
  })
})

describe('crossEntropy', () => {
  it('is finite where exp overflows', () => {
    const logits = tensor(
      [
        [1e4, -1e4, 0],
        [-1e4, 1e4, 1e4],
      ],
      { requiresGrad: true },
    )
    const loss = F.crossEntropy(logits, tensor([1, 2], { dtype: 'int32' }))
    loss.backward()
    expect(loss.item()).to.be.closeTo((2e4 + Math.log(2)) / 2, 1e-3)
    expect(logits.grad?.toArray()).to.deep.equal([
      [0.5, -0.5, 0],
      [0, 0.25, -0.25],
    ])
  })

  it('of no classes is 0 for probabilities', () => {
    expect(F.crossEntropy(zeros([2, 0]), zeros([2, 0]), { reduction: 'none' }).toArray()).to.deep.equal([-0, -0])
  })

  it('is NaN with zero gradients where every target is ignored, as in PyTorch', () => {
    const logits = randn([2, 3], { requiresGrad: true })
    const loss = F.crossEntropy(logits, tensor([-100, -100], { dtype: 'int32' }))
    loss.backward()
    expect(loss.item()).to.be.NaN
    expect(logits.grad?.toArray()).to.deep.equal([
      [0, 0, 0],
      [0, 0, 0],
    ])
  })
})
