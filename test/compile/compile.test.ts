import { expect } from 'chai'
import {
  arange,
  backend,
  cat,
  compile,
  full,
  getRngState,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  profile,
  rand,
  randint,
  randn,
  setRngState,
  type Tensor,
  tensor,
  zeros,
} from '../../lib/index.js'
import { batches, state, training } from './support.js'

describe('compile', () => {
  it('trains for 1,000 steps as the function itself does, to the bit, whoever runs them', async () => {
    const data = batches(1000)
    type Batches = [Tensor, Tensor][]
    const train = async (prepare: (step: (x: Tensor, t: Tensor) => Tensor) => (some: Batches) => Promise<Tensor[]>) => {
      const { step, model, schedule } = training()
      const run = prepare(step)
      const losses: number[] = []
      manualSeed(9)
      for (let i = 0; i < data.length; i += 20) {
        losses.push(...(await run(data.slice(i, i + 20))).map((loss) => loss.item()))
        schedule()
      }
      return { losses, parameters: state(model), rng: Array.from(getRngState().data) }
    }
    const here = (step: (x: Tensor, t: Tensor) => Tensor) => (some: Batches) =>
      Promise.resolve(some.map((batch) => step(...batch)))
    const expected = await train(here)
    expect(await train((step) => here(compile(step)))).to.deep.equal(expected)
    const elsewhere = await train((step) => {
      const compiled = compile(step)
      return (some) => Promise.all(some.map((batch) => compiled.async(...batch)))
    })
    expect(elsewhere).to.deep.equal(expected)
    const inTrips = await train((step) => {
      const compiled = compile(step)
      return (some) => compiled.epoch(some)
    })
    expect(inTrips).to.deep.equal(expected)
  })

  it('draws the masks of dropout from one stream with everything else, whoever runs the steps', async () => {
    const dropout = new nn.Dropout({ p: 0.3 })
    const both = (x: Tensor) => dropout.forward(x).add(dropout.forward(x))
    const [one, two] = [compile(both), compile((x: Tensor) => dropout.forward(x))]
    const x = tensor(Array.from({ length: 313 }, (_, i) => i + 1))
    const run = async (
      f: (x: Tensor) => Tensor | Promise<Tensor>,
      g: (x: Tensor) => Tensor | Promise<Tensor>,
      many: (xs: Tensor[]) => Tensor[] | Promise<Tensor[]>,
    ) => {
      manualSeed(11)
      const drawn = [await f(x), randn([3]), await g(x), await f(x)]
      const state = getRngState()
      drawn.push(...(await many([x, x, x])), rand([2]), dropout.forward(x), ...(await Promise.all([f(x), g(x), f(x)])))
      setRngState(state)
      drawn.push(await g(x), randn([40]), getRngState())
      manualSeed(12)
      drawn.push(await f(x))
      return drawn.map(({ data }) => Array.from(data))
    }
    const expected = await run(
      both,
      (y) => dropout.forward(y),
      (xs) => xs.map(both),
    )
    expect(await run(one, two, (xs) => xs.map((y) => one(y)))).to.deep.equal(expected)
    const there = await run(
      (y) => one.async(y),
      (y) => two.async(y),
      (xs) => one.epoch(xs.map((y) => [y] as const)),
    )
    expect(there).to.deep.equal(expected)
  })

  it('makes trips of many steps', async () => {
    const weight = new nn.Parameter(tensor([1, 2]))
    const optimizer = new optim.SGD([weight], { lr: 0.5 })
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad()
      const loss = weight.mul(x).sum()
      loss.backward()
      optimizer.step()
      return loss
    })
    const xs = Array.from({ length: 500 }, (_, i) => tensor([i % 3, i % 5]))
    const losses = (await step.epoch(xs.map((x) => [x] as const))).map((loss) => loss.item())
    const own = [1, 2]
    const expected = xs.map(({ data }) => {
      // The sum turns -0 into 0.
      const loss = own[0] * data[0] + own[1] * data[1] + 0
      own.forEach((_, i) => (own[i] -= 0.5 * data[i]))
      return loss
    })
    expect(losses).to.deep.equal(expected)
  })

  it('does not capture anew because of leaves that the function makes', () => {
    let runs = 0
    const slope = compile((x: Tensor) => {
      runs++
      const leaf = x.detach()
      leaf.requiresGrad = true
      leaf.mul(leaf).sum().backward()
      return leaf.grad?.add(0) ?? x
    })
    expect([1, 2, 3].map((value) => slope(tensor([value])).item())).to.deep.equal([2, 4, 6])
    expect(runs).to.equal(1)
  })

  it('counts hits without JavaScript, from scores to a number', async () => {
    const hits = compile((scores: Tensor, t: Tensor) => noGrad(() => scores.argmax(1).eq(t).sum()))
    const [scores, t] = [randn([50, 4]), randint(0, 4, [50])]
    const expected = Array.from(t.data, (right, i) => {
      const row = Array.from(scores.data.subarray(4 * i, 4 * i + 4))
      return Number(row.indexOf(Math.max(...row)) === right)
    }).reduce((sum, hit) => sum + hit)
    expect(hits(scores, t).item()).to.equal(expected)
    const { result, operations } = profile(() => hits(scores, t))
    expect(result.item()).to.equal(expected)
    if (backend().name === 'native') expect(operations.map(({ name }) => name)).to.deep.equal(['captured function'])
    expect((await hits.async(scores, t)).item()).to.equal(expected)
  })

  it('gives new tensors each time', () => {
    const double = compile((x: Tensor) => [x.mul(2), x.add(1)] as const)
    const results = [1, 2, 3].map((value) => double(tensor([value])))
    expect(results.map(([twice, more]) => [twice.item(), more.item()])).to.deep.equal([
      [2, 2],
      [4, 3],
      [6, 4],
    ])
  })

  it('keeps the values of tensors that the function makes', () => {
    const padded = (x: Tensor) => cat([x.mul(2).relu().mul(3), zeros([4, 2])], { dim: 1 })
    const constants = (x: Tensor) =>
      x
        .exp()
        .mul(2)
        .mul(3)
        .add(ones([4, 2]))
        .add(full([4, 2], 2))
        .mul(arange(2))
    for (const fn of [padded, constants]) {
      const step = compile(fn)
      for (const value of [1, 2, 3]) {
        const x = full([4, 2], value)
        expect(step(x).toArray()).to.deep.equal(fn(x).toArray())
      }
    }
  })

  it('returns nothing where the function does', async () => {
    const count = zeros([1])
    const step = compile((x: Tensor) => {
      noGrad(() => x.add(count))
    })
    const results = [1, 2].map(() => step(zeros([1])))
    results.push(...(await Promise.all([step.async(zeros([1]))])))
    expect(results).to.deep.equal([undefined, undefined, undefined])
  })

  it('adds gradients up where they are not reset', () => {
    const weight: Tensor = new nn.Parameter(tensor([1]))
    const optimizer = new optim.SGD([weight], { lr: 1 })
    const step = compile((x: Tensor) => {
      weight.mul(x).sum().backward()
    })
    const grads = [2, 3, 4, 5].map((value) => {
      step(tensor([value]))
      return weight.grad?.item()
    })
    expect(grads).to.deep.equal([2, 5, 9, 14])
    optimizer.zeroGrad()
    step(tensor([7]))
    expect(weight.grad?.item()).to.equal(7)
  })

  it('captures anew for other shapes, modes, switches and gradients that are wanted', () => {
    let runs = 0
    const [dropout, weight] = [new nn.Dropout({ p: 1 }), new nn.Parameter(tensor([3]))]
    const f = compile((x: Tensor) => {
      runs++
      return dropout.forward(x).mul(weight)
    })
    const [one, two] = [tensor([1]), tensor([[1], [1]])]
    const values = () => [f(one), f(two)].map((y) => y.data[0])
    const withoutGrad = () => noGrad(values)
    expect([values(), values(), runs]).to.deep.equal([[0, 0], [0, 0], 2])
    dropout.eval()
    expect([values(), values(), runs]).to.deep.equal([[3, 3], [3, 3], 4])
    dropout.train()
    expect([values(), runs]).to.deep.equal([[0, 0], 4])
    weight.requiresGrad = false
    expect([values(), values(), runs]).to.deep.equal([[0, 0], [0, 0], 6])
    expect([withoutGrad(), withoutGrad()]).to.deep.equal([
      [0, 0],
      [0, 0],
    ])
    expect(runs).to.equal(8)
  })

  it('follows the options of an optimizer, and a state that is loaded', () => {
    const weight = new nn.Parameter(tensor([0]))
    const optimizer = new optim.SGD([weight], { lr: 1 })
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad()
      weight.mul(x).sum().backward()
      optimizer.step()
    })
    const after = () => {
      step(tensor([1]))
      return weight.item()
    }
    expect([after(), after()]).to.deep.equal([-1, -2])
    optimizer.paramGroups[0].lr = 10
    expect([after(), after()]).to.deep.equal([-12, -22])
    optimizer.paramGroups[0].maximize = true
    expect(after()).to.equal(-12)
    optimizer.paramGroups[0].momentum = 0.5
    expect([after(), after(), after()]).to.deep.equal([-2, 13, 30.5])
    const dict = optimizer.stateDict()
    optimizer.loadStateDict(dict)
    expect(after()).to.equal(49.25)
    optimizer.paramGroups[0].lr = NaN
    expect(after).to.throw(RangeError, 'SGD: expected lr to be at least 0, got number NaN')
    expect(weight.item()).to.equal(49.25)
  })

  it('sees what another captured function does to a tensor, whichever was captured first', () => {
    const weight = new nn.Parameter(tensor([1, 2, 3]))
    const optimizer = new optim.SGD([weight], { lr: 1 })
    const look = compile((x: Tensor) => noGrad(() => weight.slice(0, 2, 3).add(x.mm(x))))
    const zero = tensor([[0]], { dtype: 'int32' })
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad()
      weight.mul(x).sum().backward()
      optimizer.step()
    })
    expect(look(zero).data[0]).to.equal(3)
    const seen = [0, 1, 2].map(() => {
      step(tensor([0, 0, -10]))
      return look(zero).data[0]
    })
    expect(seen).to.deep.equal([13, 23, 33])
  })

  it('is part of a function that is captured around it', () => {
    const inner = compile((x: Tensor) => x.mul(2))
    const outer = compile((x: Tensor) => inner(x).add(1))
    expect([1, 2, 3].map((value) => outer(tensor([value])).item())).to.deep.equal([3, 5, 7])
  })

  it('shares memory among tensors that live at different times, and says how much', () => {
    const f = compile((x: Tensor) => {
      let y = x
      for (let i = 0; i < 10; i++) y = y.relu()
      return y
    })
    expect(() => f.info()).to.throw('info: expected the function to have been called')
    f(zeros([1024]))
    expect(f.info()).to.include({ kernels: 10, bytes: 2 * 4096, bytesWithoutSharing: 11 * 4096 })
  })

  it('says whether asynchronous steps run on another thread', () => {
    const exp = compile((x: Tensor) => x.exp())
    exp(zeros([2]))
    expect(exp.info().offThread).to.equal(backend().name === 'native')
    exp(zeros([2], { dtype: 'float64' }))
    expect(exp.info().offThread).to.equal(false)
  })
})
