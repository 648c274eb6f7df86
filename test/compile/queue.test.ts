import { expect } from 'chai'
import { inTurn } from '../../lib/compile/queue.js'
import { compile, nn, noGrad, ones, optim, randint, type Tensor, tensor, zeros } from '../../lib/index.js'
import { batches, state, training } from './support.js'

/** Functions over one total, the results of which depend on their order. */
function arithmetic() {
  const total = tensor([1])
  const set = (next: Tensor) => {
    weight.grad = next as Tensor<'float32'>
    optimizer.step()
  }
  const weight = new nn.Parameter(total)
  const optimizer = new optim.SGD([weight], { lr: 1, maximize: true })
  const add = compile((x: Tensor) => noGrad(() => set(x.add(0))))
  const double = compile((x: Tensor) => noGrad(() => set(weight.mul(x))))
  const negate = compile((x: Tensor) => noGrad(() => set(weight.mul(x).mul(-2))))
  const read = compile((x: Tensor) => noGrad(() => weight.mul(x)))
  return { weight, functions: { add, double, negate }, read }
}

const outcome = (promise: Promise<unknown>) => promise.catch((reason: unknown) => reason)

describe('asynchronous calls of several compiled functions over the same parameters', () => {
  for (const captured of [false, true]) {
    it(`run in the order of the calls, ${captured ? 'captured before' : 'and are captured when it is their turn'}`, async () => {
      const { weight, functions, read } = arithmetic()
      const one = tensor([1])
      if (captured) {
        for (const f of Object.values(functions)) f(one)
        read(one)
        weight.data[0] = 1
      }
      const expected: number[] = []
      const results: Promise<Tensor>[] = []
      const done: Promise<void>[] = []
      const order: number[] = []
      let value = 1
      for (let i = 0; i < 30; i++) {
        const name = (['add', 'double', 'negate'] as const)[(i * 7) % 3]
        value = { add: value + 1, double: value + value, negate: value - 2 * value }[name]
        expected.push(value)
        done.push(functions[name].async(one).then(() => void order.push(i)))
        results.push(read.async(one))
      }
      expect((await Promise.all(results)).map((y) => y.item())).to.deep.equal(expected)
      await Promise.all(done)
      expect(order).to.deep.equal(Array.from({ length: 30 }, (_, i) => i))
      expect(weight.item()).to.equal(value)
    })
  }

  it('leave out those that are aborted, and go on after those that fail', async () => {
    const { step: train, model } = training()
    const [step, look] = [compile(train), compile((x: Tensor) => noGrad(() => model.parameters()[0].mul(x).sum()))]
    const failing = compile(() => {
      throw new Error('in fn')
    })
    const [[x, t], bad] = [batches(1)[0], randint(4, 5, [8])]
    step(x, t)
    const controllers = [1, 2, 3].map(() => new AbortController())
    const reasons = controllers.map((_, i) => new Error(`reason ${i}`))
    const calls = [
      step.async(x, t),
      look.async(tensor([1])),
      step.async(x, t, { signal: controllers[0].signal }),
      failing.async(),
      step.async(x, bad),
      step.epoch([[x, t]], { signal: controllers[1].signal }),
      look.async(tensor([1]), { signal: controllers[2].signal }),
      look.async(tensor([1])),
    ].map((call) => outcome(call as Promise<unknown>))
    controllers.forEach((controller, i) => controller.abort(reasons[i]))
    const outcomes = await Promise.all(calls)
    expect(outcomes.map((one) => (one instanceof Error ? one.message : 'done'))).to.deep.equal([
      'done',
      'done',
      'reason 0',
      'in fn',
      'crossEntropy: expected target to be class indices from 0 to 3, got number 4',
      'reason 1',
      'reason 2',
      'done',
    ])
    expect((outcomes[7] as Tensor).item()).to.equal((outcomes[1] as Tensor).item())
  })

  it('may be many of one signal, without a warning', async () => {
    const f = compile((x: Tensor) => x.mul(2))
    const controller = new AbortController()
    const warnings: string[] = []
    const warn = ({ name }: Error) => void warnings.push(name)
    process.on('warning', warn)
    try {
      const many = () => Array.from({ length: 30 }, () => f.async(ones([1]), { signal: controller.signal }))
      await Promise.all(many())
      const aborted = Promise.allSettled(many())
      controller.abort()
      const statuses = (await aborted).map(({ status }) => status)
      expect(statuses.filter((status) => status === 'rejected')).to.have.length(29)
      await new Promise((resolve) => setTimeout(resolve, 5))
    } finally {
      process.off('warning', warn)
    }
    expect(warnings).to.deep.equal([])
  })

  it('do not begin where they were aborted just as their turn came', async () => {
    const [controller, reason] = [new AbortController(), new Error('late')]
    const ran: number[] = []
    const first = inTurn(async () => {
      await Promise.resolve()
      // After this job has ended and passed its turn on, before the next one begins.
      queueMicrotask(() => queueMicrotask(() => controller.abort(reason)))
    }, undefined)
    const job = (i: number) => () => Promise.resolve(void ran.push(i))
    const [second, third] = [outcome(inTurn(job(2), controller.signal)), inTurn(job(3), undefined)]
    await first
    expect(await second).to.equal(reason)
    await third
    expect(ran).to.deep.equal([3])
  })

  it('record with gradients on or off as they are at the call', async () => {
    const weight = new nn.Parameter(ones([1]))
    const seen: boolean[] = []
    const f = compile((x: Tensor) => {
      const y = weight.mul(x)
      seen.push(y.requiresGrad)
      return y
    })
    const calls: Promise<unknown>[] = [f.async(ones([2]))]
    noGrad(() => {
      calls.push(f.async(ones([1])), f.epoch([[ones([3])], [ones([4])]]))
    })
    calls.push(f.async(ones([1])))
    await Promise.all(calls)
    expect(seen.toSorted()).to.deep.equal([false, false, false, true, true])
  })

  it('do the steps of an epoch that are before one that fails', async () => {
    for (const bad of [randint(4, 5, [8]), ones([8]), undefined as unknown as Tensor]) {
      for (const counted of [3, 40]) {
        const total = new nn.Parameter(zeros([4]))
        const optimizer = new optim.SGD([total], { lr: 1 })
        const criterion = new nn.CrossEntropyLoss({ reduction: 'sum' })
        const step = compile((x: Tensor, t: Tensor) => {
          optimizer.zeroGrad()
          const loss = criterion.forward(x.add(total), t).mul(0).add(total.sum())
          loss.backward()
          optimizer.step()
        })
        const good = [zeros([8, 4]), zeros([8]).eq(1)] as const
        const target = randint(0, 4, [8])
        const steps = Array.from({ length: counted }, () => [good[0], target] as const)
        const after = [good[0], target] as const
        const error = await outcome(step.epoch([...steps, [good[0], bad], after]))
        expect(error).to.be.instanceOf(Error)
        expect(total.data[0], `of ${counted}`).to.equal(-counted)
      }
    }
  })

  it('let nobody begin at once over what they use', async () => {
    const { step: train, model } = training()
    const [step, other] = [compile(train), compile((x: Tensor) => noGrad(() => model.parameters()[0].mul(x)))]
    const [[x, t]] = batches(1)
    step(x, t)
    other(tensor([1]))
    const before = state(model)
    const running = step.async(x, t)
    expect(() => step(x, t)).to.throw(/^busy: /)
    expect(() => other(tensor([1]))).to.throw(/^busy: /)
    // One that has to be recorded first.
    expect(() => other(tensor([[1]]))).to.throw(/^busy: /)
    expect(compile((y: Tensor) => y.add(1))(tensor([1])).item()).to.equal(2)
    await running
    expect(state(model)).not.to.deep.equal(before)
    expect(other(tensor([[1]])).shape).to.deep.equal(model.parameters()[0].shape)
  })
})
