import { expect } from 'chai'
import { manualSeed, nn, optim, randn, type Tensor, tensor } from '../../lib/index.js'

const parameter = (...values: number[]) => new nn.Parameter(tensor(values))

/** Gives the parameter this gradient, and steps. */
function step(optimizer: optim.SGD, param: Tensor, ...grad: number[]): void {
  param.grad = tensor(grad)
  optimizer.step()
}

describe('SGD', () => {
  it('has a learning rate of 1e-3, and keeps nothing without momentum', () => {
    const x = parameter(1)
    const optimizer = new optim.SGD([x])
    step(optimizer, x, 2)
    expect(x.item()).to.equal(Math.fround(1 - 2e-3))
    expect([...optimizer.stateDict().keys()].filter((name) => name.startsWith('state'))).to.deep.equal([])
  })

  it('takes the first gradient whole into the momentum, whatever the dampening', () => {
    const x = parameter(0)
    const optimizer = new optim.SGD([x], { lr: 1, momentum: 0.5, dampening: 0.75 })
    step(optimizer, x, 4)
    expect(x.item()).to.equal(-4)
    step(optimizer, x, 4)
    expect(x.item()).to.equal(-4 - (0.5 * 4 + 0.25 * 4))
  })

  it('counts the first gradient of each tensor for itself, in the state', () => {
    const [x, y] = [parameter(0), parameter(0)]
    const optimizer = new optim.SGD([x, y], { lr: 1, momentum: 0.5, dampening: 0.5 })
    step(optimizer, x, 4)
    step(optimizer, y, 4)
    expect([x.item(), y.item()]).to.deep.equal([-8, -4])
    expect(['state.0.step', 'state.1.step'].map((name) => optimizer.stateDict().get(name)?.item())).to.deep.equal([
      2, 1,
    ])
  })

  it('begins a momentum where one is set on the way, and goes on with it after a pause', () => {
    const x = parameter(0)
    const optimizer = new optim.SGD([x], { lr: 1, dampening: 0.5 })
    const [group] = optimizer.paramGroups
    step(optimizer, x, 1)
    group.momentum = 0.5
    step(optimizer, x, 4)
    expect(x.item(), 'the first gradient, whole').to.equal(-5)
    group.momentum = 0
    step(optimizer, x, 1)
    expect(x.item(), 'the gradient alone').to.equal(-6)
    group.momentum = 0.5
    step(optimizer, x, 0)
    expect(x.item(), 'half of the buffer').to.equal(-8)
  })

  it('goes on bit for bit from its saved state, also where the momentum pauses', () => {
    const train = (model: nn.Linear, optimizer: optim.SGD, momentum: number) => {
      optimizer.paramGroups[0].momentum = momentum
      optimizer.zeroGrad()
      model
        .forward(randn([4, 3]))
        .sum()
        .backward()
      optimizer.step()
    }
    const model = new nn.Linear(3, 2)
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, dampening: 0.2, weightDecay: 0.1 })
    for (const momentum of [0.9, 0]) train(model, optimizer, momentum)

    const twin = new nn.Linear(3, 2)
    twin.loadStateDict(model.stateDict())
    const resumed = new optim.SGD(twin.parameters())
    resumed.loadStateDict(optimizer.stateDict())
    for (const [which, rival] of [
      [model, optimizer],
      [twin, resumed],
    ] as const) {
      manualSeed(3)
      for (let i = 0; i < 3; i++) train(which, rival, 0.9)
    }
    expect(twin.weight.data).to.deep.equal(model.weight.data)
  })

  it('checks options that were changed on the way before it changes anything', () => {
    const [x, y] = [parameter(1), parameter(1)]
    const optimizer = new optim.SGD([{ params: [x] }, { params: [y], momentum: 0.9, nesterov: true }])
    x.grad = tensor([1])
    optimizer.paramGroups[1].momentum = 0
    expect(() => optimizer.step()).to.throw(RangeError, 'SGD: expected momentum to be above 0 for nesterov')
    expect(x.item()).to.equal(1)
  })

  const x = parameter(1)
  const rejected: [options: Partial<optim.SGDOptions>, type: typeof TypeError | typeof RangeError, message: string][] =
    [
      [{ lr: -1 }, RangeError, 'SGD: expected lr to be at least 0, got number -1'],
      [{ momentum: -0.1 }, RangeError, 'SGD: expected momentum to be at least 0, got number -0.1'],
      [{ weightDecay: NaN }, RangeError, 'SGD: expected weightDecay to be at least 0, got number NaN'],
      [{ dampening: '0' as never }, TypeError, 'SGD: expected dampening to be a number, got "0"'],
      [{ nesterov: 1 as never }, TypeError, 'SGD: expected nesterov to be a boolean, got number 1'],
      [{ maximize: 0 as never }, TypeError, 'SGD: expected maximize to be a boolean, got number 0'],
      [{ nesterov: true }, RangeError, 'SGD: expected momentum to be above 0 for nesterov, got number 0'],
      [
        { nesterov: true, momentum: 0.9, dampening: 0.1 },
        RangeError,
        'SGD: expected dampening to be 0 for nesterov, got number 0.1',
      ],
      [{ weight_decay: 1 } as never, TypeError, 'did you mean weightDecay?'],
    ]
  for (const [options, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(() => new optim.SGD([x], options)).to.throw(type, message)
    })
  }
})
