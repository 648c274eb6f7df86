import { expect } from 'chai'
import { nn, noGrad, ones, tensor, zeros } from '../lib/index.js'

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true })

describe('backward', () => {
  it('takes the grad of a leaf as the gradient to begin with', () => {
    const [a, b] = [leaf(1), leaf(2)]
    a.grad = tensor([5])
    a.add(b).backward(a.grad)
    expect([a.grad.item(), b.grad?.item()]).to.deep.equal([10, 5])
  })

  it('adds up over the ways that lead to a leaf, and over calls', () => {
    const x = leaf(3)
    x.mul(x).add(x).sum().backward()
    expect(x.grad?.toArray()).to.deep.equal([7])
    x.mul(2).sum().backward()
    expect(x.grad?.toArray()).to.deep.equal([9])
  })

  it('adds to an existing gradient in place, as PyTorch does', () => {
    const x = leaf(1, 2)
    x.sum().backward()
    const { grad } = x
    x.sum().backward()
    expect(x.grad).to.equal(grad)
    expect(grad?.toArray()).to.deep.equal([2, 2])
  })

  it('gives each leaf a gradient of its own', () => {
    const [a, b] = [leaf(1, 2), leaf(3, 4)]
    const seed = ones([2])
    a.add(b).backward(seed)
    a.grad?.data.fill(9)
    expect(b.grad?.toArray()).to.deep.equal([1, 1])
    expect(seed.toArray()).to.deep.equal([1, 1])
  })

  it('gives both names of one buffer a gradient of their own', () => {
    const x = leaf(1, 2)
    const y = x.reshape([2, 1]).detach()
    y.requiresGrad = true
    x.reshape([2, 1]).add(y).sum().backward()
    x.grad?.data.fill(9)
    expect(y.grad?.toArray()).to.deep.equal([[1], [1]])
  })

  it('takes the gradient of what follows', () => {
    const x = leaf(1, 2)
    x.mul(3).backward(tensor([1, 10]))
    expect(x.grad?.toArray()).to.deep.equal([3, 30])
  })

  it('is not misled by its own results as the gradient of what follows', () => {
    const [x, z] = [leaf(1, 2), leaf(3, 4)]
    x.grad = ones([2])
    x.add(z).backward(x.grad)
    expect(z.grad?.toArray()).to.deep.equal([1, 1])
    expect(x.grad.toArray()).to.deep.equal([2, 2])
  })

  it('goes by what needed a gradient when the operation was recorded', () => {
    const [x, late] = [leaf(1), tensor([2])]
    const y = x.mul(late)
    late.requiresGrad = true
    y.sum().backward()
    expect(late.grad).to.equal(null)
  })

  it('works on a leaf itself', () => {
    const x = leaf(5)
    x.backward()
    expect(x.grad?.toArray()).to.deep.equal([1])
  })

  it('does not exhaust the stack on a long chain', () => {
    const x = leaf(1)
    let y = x.add(0)
    for (let i = 0; i < 20_000; i++) y = y.add(0)
    y.sum().backward()
    expect(x.grad?.toArray()).to.deep.equal([1])
  })

  it('lets go of the graph, unless told to keep it', () => {
    const x = leaf(2)
    const kept = x.mul(x).sum()
    kept.backward(undefined, { retainGraph: true })
    kept.backward()
    expect(x.grad?.toArray()).to.deep.equal([8])
    expect(() => {
      kept.backward()
    }).to.throw(Error, /let go by an earlier backward\(\); pass \{ retainGraph: true \}/)
    expect(x.grad?.toArray(), 'a failed call changes nothing').to.deep.equal([8])
  })

  it('takes options without a gradient, as its messages spell them', () => {
    const x = leaf(2)
    const y = x.mul(x).sum()
    y.backward({ retainGraph: true })
    y.backward({})
    expect(x.grad?.toArray()).to.deep.equal([8])
    expect(() => {
      y.backward({ retain_graph: true } as never)
    }).to.throw(TypeError, 'backward: unknown option retain_graph (known: retainGraph); did you mean retainGraph?')
    expect(() => {
      y.backward({ retainGraph: true } as never, {})
    }).to.throw(TypeError)
  })

  it('skips what needs no gradient', () => {
    const [x, constant] = [leaf(2), tensor([3])]
    x.mul(constant).sum().backward()
    expect(constant.grad).to.equal(null)
  })

  it('rejects what PyTorch rejects', () => {
    const x = leaf(1, 2)
    const call = (act: () => void) => expect(act)
    call(() => {
      tensor([1]).backward()
    }).to.throw(Error, 'backward: expected a tensor that requires gradients')
    call(() => {
      x.mul(2).backward()
    }).to.throw(RangeError, 'backward: expected gradient to be given for a tensor of several elements')
    call(() => {
      x.mul(2).backward(ones([3]))
    }).to.throw(RangeError, 'backward: expected gradient to be of shape [2], got a float32 tensor of shape [3]')
    call(() => {
      x.mul(2).backward(ones([2], { dtype: 'float64' }))
    }).to.throw(TypeError, 'backward: expected gradient to be a float32 tensor')
  })
})

describe('noGrad', () => {
  it('records nothing, and returns what the function returns', () => {
    const x = leaf(1)
    const y = noGrad(() => x.mul(2))
    expect(y.requiresGrad).to.equal(false)
    expect(x.mul(2).requiresGrad).to.equal(true)
  })

  it('ends with an exception, and nests', () => {
    const x = leaf(1)
    expect(() => {
      noGrad(() => {
        noGrad(() => 0)
        expect(x.mul(2).requiresGrad).to.equal(false)
        throw new Error('from inside')
      })
    }).to.throw('from inside')
    expect(x.mul(2).requiresGrad).to.equal(true)
  })

  it('rejects functions that return a promise, and what is no function', () => {
    expect(() => noGrad(() => Promise.resolve())).to.throw(TypeError, 'noGrad: expected fn to be synchronous')
    expect(() => noGrad(7 as never)).to.throw(TypeError, 'noGrad: expected fn to be a function, got number 7')
  })
})

describe('requiresGrad', () => {
  it('is for leaves of a float dtype', () => {
    expect(() => {
      zeros([1], { dtype: 'int32' }).requiresGrad = true
    }).to.throw(TypeError, 'of a float dtype')
    expect(() => {
      leaf(1).mul(2).requiresGrad = false
    }).to.throw(Error, 'use detach()')
  })

  it('passes to results, and ends at detach()', () => {
    const x = leaf(1)
    expect(x.mul(2).requiresGrad).to.equal(true)
    expect(x.mul(2).detach().requiresGrad).to.equal(false)
    const frozen = new nn.Linear(2, 2)
    for (const parameter of frozen.parameters()) parameter.requiresGrad = false
    expect(frozen.forward(ones([1, 2])).requiresGrad).to.equal(false)
  })
})
