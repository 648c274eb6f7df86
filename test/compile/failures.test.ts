import { expect } from 'chai'
import { compile, getRngState, manualSeed, nn, noGrad, ones, type Tensor, tensor, zeros } from '../../lib/index.js'
import { batches, state, training } from './support.js'

describe('a compiled function', () => {
  it('that throws is recorded at the next call, as if it had run by itself', () => {
    const ways = [(fn: (x: Tensor, t: Tensor) => Tensor) => fn, compile<[Tensor, Tensor], Tensor>]
    const [eager, captured] = ways.map((way) => {
      const { step: train, model } = training()
      let calls = 0
      const step = way((x: Tensor, t: Tensor) => {
        const loss = train(x, t)
        if (++calls === 1) throw new Error('in fn')
        return loss
      })
      manualSeed(6)
      const outcomes = batches(6).map(([x, t]) => {
        try {
          return step(x, t).item()
        } catch (error) {
          return (error as Error).message
        }
      })
      return [outcomes, state(model)]
    })
    expect(captured).to.deep.equal(eager)
    expect((captured[0] as unknown[])[0]).to.equal('in fn')
  })

  it('that throws for inputs of one kind keeps what it has for others', async () => {
    let runs = 0
    const f = compile((x: Tensor) => {
      runs++
      if (x.size === 2) throw new Error('two')
      return x.mul(2)
    })
    for (let i = 0; i < 3; i++) {
      expect(f(ones([1])).item()).to.equal(2)
      expect(() => f(ones([2]))).to.throw('two')
      expect(await f.async(ones([2])).catch(String)).to.equal('Error: two')
    }
    expect([runs, f.info().kernels]).to.deep.equal([7, 1])
  })

  it('may call itself and others', () => {
    const sum: (x: Tensor) => Tensor = compile((x: Tensor): Tensor =>
      x.size === 1 ? x : sum(x.slice(0, 1, x.size)).add(x.slice(0, 0, 1)),
    )
    const mean = compile((x: Tensor) => sum(x).div(x.size))
    for (let i = 1; i < 4; i++) expect(mean(tensor([i, 2 * i, 3 * i])).toArray()).to.deep.equal([2 * i])
  })

  it('within noGrad, made there or called there, records what it should', () => {
    const weight = new nn.Parameter(tensor([3]))
    const make = () =>
      compile((x: Tensor) => {
        const y = weight.mul(x).sum()
        if (y.requiresGrad) y.backward()
        return y
      })
    const [inside, outside] = [noGrad(make), make()]
    for (const f of [inside, outside]) {
      weight.grad = null
      for (let i = 0; i < 2; i++) expect(noGrad(() => f(tensor([2]))).item()).to.equal(6)
      expect(weight.grad).to.equal(null)
      for (let i = 0; i < 2; i++) expect(f(tensor([2])).item()).to.equal(6)
      expect((weight.grad as Tensor | null)?.item()).to.equal(4)
    }
  })

  it('changes nothing where an input is in use elsewhere', async () => {
    const [{ step: train, model }, { step: other, model: theirs }] = [training(), training()]
    const [step, theirStep] = [compile(train), compile(other)]
    const [[x, t]] = batches(1)
    const input = new nn.Parameter(zeros([8, 6]), { requiresGrad: false })
    const move = compile((y: Tensor) => input.add(y))
    for (let i = 0; i < 2; i++) {
      step(x, t)
      move(tensor([1]))
    }
    const before = [state(model), getRngState().toArray()]
    const running = move.async(tensor([1]))
    expect(() => step(input, t)).to.throw(/^busy: /)
    expect(await step.async(input, t).catch(String)).to.include('busy: ')
    expect(() => theirStep(input, t)).to.throw(/^busy: /)
    await running
    expect([state(model), getRngState().toArray()]).to.deep.equal(before)
    expect(state(theirs)).to.deep.equal(state(training().model))
  })
})
