import { expect } from 'chai'
import { Readable } from 'node:stream'
import {
  backend,
  compile,
  getRngState,
  manualSeed,
  nn,
  ones,
  optim,
  randint,
  randn,
  setRngState,
  type Tensor,
  tensor,
  zeros,
} from '../../lib/index.js'
import { batches, training } from './support.js'

describe('compile, on another thread', () => {
  it('keeps others from its tensors until it has ended', async function () {
    if (backend().name === 'typescript') this.skip()
    const { step: train, model } = training()
    const step = compile(train)
    const [[x, t]] = batches(1)
    step(x, t)
    const [weight] = model.parameters()
    const running = step.async(x, t)
    for (const touch of [
      () => weight.data,
      () => weight.add(1),
      () => step(x, t),
      () => model.stateDict().get('0.weight')?.item(),
    ]) {
      expect(touch).to.throw(/^busy: /)
    }
    await running
    expect(weight.data[0]).to.be.a('number')
  })

  it('keeps others from the memory of a function that uses nothing beside', async () => {
    const f = compile((x: Tensor) => x.exp().tanh().exp())
    const [x, other] = [ones([2 ** 16]), zeros([2 ** 16])]
    const [expected, apart] = [f(x).data, f(zeros([2])).data]
    f(x)
    const running = f.async(x)
    expect(() => f(other)).to.throw(/^busy: /)
    expect(f(zeros([2])).data).to.deep.equal(apart)
    expect((await running).data).to.deep.equal(expected)
    expect(f(other).data[0]).to.equal(apart[0])
  })

  it('keeps tensors away that are of the same shared memory', async function () {
    if (backend().name === 'typescript') this.skip()
    const memory = new Float32Array(new SharedArrayBuffer(64))
    const [used, whole, apart] = [memory.subarray(0, 8), memory, memory.subarray(8)].map((array) => tensor(array))
    const f = compile((x: Tensor) => used.mul(x))
    f(ones([1]))
    const running = f.async(ones([1]))
    expect(() => whole.data).to.throw(/^busy: /)
    expect(apart.data).to.deep.equal(new Float32Array(8))
    await running
    expect(whole.data).to.equal(memory)
  })

  it('keeps the random numbers to itself until it has ended, if it draws any', async function () {
    if (backend().name === 'typescript') this.skip()
    const dropout = new nn.Dropout()
    const [step, other] = [compile((x: Tensor) => dropout.forward(x)), compile((x: Tensor) => x.mul(2))]
    const x = ones([64])
    for (const f of [step, other]) f(x)
    const rngState = getRngState()
    const running = step.async(x)
    for (const draw of [
      () => randn([1]),
      () => randint(0, 2, [1]),
      () => dropout.forward(x),
      () => manualSeed(1),
      () => getRngState(),
      () => setRngState(rngState),
      () => step(x),
    ]) {
      expect(draw).to.throw(/^busy: a compiled function is at work on /)
    }
    expect(other(x).data[0]).to.equal(2)
    await running
    const after = getRngState()
    setRngState(rngState)
    step(x)
    expect(getRngState().data).to.deep.equal(after.data)
    const drawsNone = other.async(x)
    expect(randn([1]).size).to.equal(1)
    await drawsNone
  })

  it('lets nothing change by halves that it keeps others from', async function () {
    if (backend().name === 'typescript') this.skip()
    const [idle, busy] = [new nn.Linear(2, 2), new nn.Linear(2, 2)]
    const both = new nn.ModuleList([idle, busy])
    const optimizer = new optim.Adam([{ params: idle.parameters() }, { params: busy.parameters() }])
    for (const parameter of both.parameters()) parameter.grad = ones(parameter.shape)
    const step = compile((x: Tensor) => busy.forward(x))
    const x = ones([1, 2])
    step(x)
    const before = idle.weight.toArray()
    const other = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2)]).stateDict()
    const running = step.async(x)
    expect(() => {
      both.loadStateDict(other)
    }).to.throw(/^busy: /)
    expect(() => {
      optimizer.step()
    }).to.throw(/^busy: /)
    expect(idle.weight.toArray()).to.deep.equal(before)
    await running
  })

  it('keeps others from the gradients that it adds to', async function () {
    if (backend().name === 'typescript') this.skip()
    const [idle, busy] = [new nn.Parameter(ones([2])), new nn.Parameter(ones([2]))]
    const add = compile((x: Tensor) => {
      busy.mul(x).sum().backward()
    })
    for (const parameter of [idle, busy]) parameter.grad = ones([2])
    add(ones([2]))
    const running = add.async(ones([2]))
    const optimizer = new optim.SGD([idle, busy], { lr: 1 })
    const module = Object.assign(new nn.Identity(), { idle, busy })
    for (const forget of [() => (busy.grad = null), () => optimizer.zeroGrad(), () => module.zeroGrad()]) {
      expect(forget).to.throw(/^busy: /)
    }
    expect(idle.grad?.toArray()).to.deep.equal([1, 1])
    await running
    expect(busy.grad?.toArray()).to.deep.equal([3, 3])
    optimizer.zeroGrad()
    await add.async(ones([2]))
    expect(busy.grad?.toArray()).to.deep.equal([1, 1])
  })

  it('takes its inputs as they are at the call, and runs calls in their order', async () => {
    const total = new nn.Parameter(tensor([0]), { requiresGrad: false })
    const buffer = zeros([1])
    const double = compile((x: Tensor) => x.mul(2).add(total))
    double(buffer)
    const results = Array.from({ length: 20 }, (_, i) => {
      buffer.data[0] = i
      return double.async(buffer)
    })
    buffer.data[0] = 100
    expect((await Promise.all(results)).map((y) => y.item())).to.deep.equal(Array.from({ length: 20 }, (_, i) => 2 * i))
  })

  it('is aborted before it begins, and between steps', async () => {
    const f = compile((x: Tensor) => x.mul(2))
    const x = zeros([1])
    f(x)
    const reason = new Error('enough')
    const gone = AbortSignal.abort(reason)
    const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
    expect(await outcome(f.async(x, { signal: gone }))).to.equal(reason)
    expect(await outcome(f.epoch([[x]], { signal: gone }))).to.equal(reason)
    const controller = new AbortController()
    const [first, second] = [f.async(x), f.async(x, { signal: controller.signal })]
    controller.abort(reason)
    expect(await outcome(second)).to.equal(reason)
    expect((await first).item()).to.equal(0)
    const endless = function* () {
      for (let i = 0; ; i++) {
        if (i === 50) later.abort(reason)
        yield [x] as const
      }
    }
    const later = new AbortController()
    expect(await outcome(f.epoch(endless(), { signal: later.signal }))).to.equal(reason)
  })

  it('is aborted while it waits for a batch, whose source is closed', async () => {
    const f = compile((x: Tensor) => x.mul(2))
    const reason = new Error('enough')
    let isClosed = false
    const stream = new Readable({ objectMode: true, read: () => undefined, destroy: () => (isClosed = true) })
    stream.push([zeros([1])])
    const endless = async function* () {
      yield [zeros([1])] as const
      await new Promise(() => undefined)
    }
    for (const batches of [endless(), stream as AsyncIterable<readonly [Tensor]>]) {
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 20)
      const error = await f.epoch(batches, { signal: controller.signal }).catch((thrown: unknown) => thrown)
      expect(error).to.equal(reason)
    }
    expect(isClosed).to.equal(true)
  })

  it('rejects options that it has not', async () => {
    const f = compile((x: Tensor) => x.mul(2))
    const error: unknown = await f.async(zeros([1]), { sginal: 1 } as never).catch((reason: unknown) => reason)
    expect(String(error)).to.equal('TypeError: async: unknown option sginal (known: signal); did you mean signal?')
    const other: unknown = await f.async(zeros([1]), { signal: 1 } as never).catch((reason: unknown) => reason)
    expect(String(other)).to.equal('TypeError: async: expected signal to be an AbortSignal, got number 1')
  })

  it('rejects batches that are none', async () => {
    const f = compile((x: Tensor) => x.mul(2))
    const expected =
      'TypeError: epoch: expected batches to be an iterable or an async iterable of arrays of tensors, got '
    for (const [batches, given] of [
      [undefined, 'undefined'],
      [5, 'number 5'],
      [{}, 'an object'],
    ] as const) {
      const error: unknown = await f.epoch(batches as never).catch((reason: unknown) => reason)
      expect(String(error)).to.equal(expected + given)
    }
  })
})
