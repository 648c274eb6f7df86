import { expect } from 'chai'
import { cat, manualSeed, nn, ones, optim, randint, randn, type Tensor } from '../lib/index.js'

const { linear, relu } = nn.functional

/** A leaf that gradients flow to. */
function leaf(shape: number[]): Tensor {
  const tensor = randn(shape)
  tensor.requiresGrad = true
  return tensor
}

function training(look: (parameter: Tensor) => void): number[] {
  manualSeed(3)
  const [x, t] = [randn([8, 20]), randint(0, 5, [8])]
  const model = new nn.Sequential(new nn.LayerNorm(20), new nn.Linear(20, 20), new nn.ReLU(), new nn.Linear(20, 5))
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters(), { lr: 0.01 })]
  return Array.from({ length: 20 }, () => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), t)
    loss.backward()
    model.parameters().forEach(look)
    optimizer.step()
    return loss.item()
  })
}

describe('the memory of gradients', () => {
  it('is used again where nobody has looked at it', function () {
    const [x, weight] = [randn([30, 40]), leaf([50, 40])]
    const array = () => {
      linear(x, weight).backward(ones([30, 50]))
      return weight.gradient?.data
    }
    const first = array()
    weight.grad = null
    expect(array()).to.equal(first)
  })

  it('stays as it is for whoever has looked at it', () => {
    const [x, weight] = [randn([30, 40]), leaf([50, 40])]
    linear(x, weight).backward(ones([30, 50]))
    const { grad } = weight
    const values = Array.from(grad?.data ?? [])
    weight.grad = null
    for (let i = 0; i < 3; i++) linear(x, weight).backward(randn([30, 50]))
    expect(values).to.have.length(2000)
    expect(Array.from(grad?.data ?? [])).to.deep.equal(values)
  })

  it('is not shared by leaves that an operation hands one gradient on to', () => {
    const [a, b, c] = [leaf([25]), leaf([25]), leaf([5, 5])]
    a.add(b)
      .add(c.reshape([25]))
      .backward(ones([25]))
    const arrays = [a, b, c].map(({ gradient }) => gradient?.data)
    expect(new Set(arrays.map((array) => array?.buffer)).size).to.equal(3)
    for (const array of arrays) expect(Array.from(array ?? [])).to.deep.equal(new Array(25).fill(1))
    for (const tensor of [a, b, c]) tensor.grad = null
    const doubled = a.mul(2)
    doubled
      .add(doubled)
      .add(doubled.reshape([5, 5]).reshape([25]))
      .backward(ones([25]))
    expect(Array.from(a.grad?.data ?? [])).to.deep.equal(new Array(25).fill(6))
  })

  it('holds no remains in gradients that are partly zeros', () => {
    const run = () => {
      const x = leaf([6, 10])
      relu(cat([x.slice(0, 0, 2), x.max(0).values.reshape([1, 10])])).backward(ones([3, 10]))
      const zeros = Array.from(x.gradient?.data ?? []).filter((value) => value === 0).length
      const counted = [x.gradient?.data.some(Number.isNaN), zeros >= 30]
      x.gradient?.data.fill(NaN)
      x.grad = null
      return counted
    }
    for (let i = 0; i < 4; i++) expect(run()).to.deep.equal([false, true])
  })

  it('makes no difference to training', () => {
    const unseen = training(() => undefined)
    const seen = training((parameter) => expect(parameter.grad).to.not.equal(null))
    expect(unseen[19]).to.be.below(unseen[0])
    expect(seen).to.deep.equal(unseen)
  })
})
