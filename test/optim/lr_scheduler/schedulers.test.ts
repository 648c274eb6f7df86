import { expect } from 'chai'
import { optim, tensor, zeros } from '../../../lib/index.js'

const { CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, OneCycleLR, ReduceLROnPlateau, StepLR } =
  optim.lrScheduler

const sgd = (...rates: number[]) => new optim.SGD(rates.map((lr) => ({ params: [zeros([1])], lr })))
const ratesOf = (optimizer: optim.SGD) => optimizer.paramGroups.map(({ lr }) => lr)

describe('learning rate schedulers', () => {
  it('change the rate of the next step of the optimizer', () => {
    const x = zeros([1], { requiresGrad: true })
    const optimizer = new optim.SGD([x], { lr: 1 })
    const scheduler = new StepLR(optimizer, 1, { gamma: 0.5 })
    x.grad = tensor([1])
    for (const expected of [-1, -1.5, -1.75]) {
      optimizer.step()
      scheduler.step()
      expect(x.item()).to.equal(expected)
    }
    expect(scheduler.optimizer).to.equal(optimizer)
    expect(scheduler.lastEpoch).to.equal(3)
  })

  it('hand out copies of what they keep', () => {
    const scheduler = new ExponentialLR(sgd(1), 0.5)
    scheduler.getLastLr()[0] = 7
    scheduler.stateDict().baseLrs[0] = 7
    expect(scheduler.stateDict()).to.deep.equal({ gamma: 0.5, baseLrs: [1], lastEpoch: 0, lastLr: [1] })
    const dict = { gamma: 0.25, baseLrs: [1], lastEpoch: 5, lastLr: [1] }
    scheduler.loadStateDict(dict)
    dict.baseLrs[0] = 7
    expect(scheduler.stateDict().baseLrs).to.deep.equal([1])
  })

  it('reckon from the rate that was there before the first of them', () => {
    const optimizer = sgd(1)
    new LinearLR(optimizer, { startFactor: 0.5 })
    expect(ratesOf(optimizer)).to.deep.equal([0.5])
    const scheduler = new LambdaLR(optimizer, () => 2)
    expect(scheduler.getLastLr()).to.deep.equal([2])
  })

  it('keep a change from elsewhere', () => {
    const optimizer = sgd(1)
    const scheduler = new CosineAnnealingLR(optimizer, 4)
    scheduler.step()
    const undisturbed = ratesOf(optimizer)[0]
    optimizer.paramGroups[0].lr /= 2
    scheduler.step()
    const height = (t: number) => 1 + Math.cos((Math.PI * t) / 4)
    expect(ratesOf(optimizer)[0]).to.be.closeTo((undisturbed / 2) * (height(2) / height(1)), 1e-15)
  })

  it('go on after an epoch, from the rate that a group was given', () => {
    const group = { params: [zeros([1])], lr: 0.05, initialLr: 0.1 }
    const optimizer = new optim.SGD([group], { lr: 1 })
    new StepLR(optimizer, 2, { gamma: 0.5, lastEpoch: 3 })
    expect(ratesOf(optimizer)).to.deep.equal([0.025])
    const wrong = [{ ...group, initialLr: '1' as never }]
    expect(() => new optim.SGD(wrong, { lr: 1 })).to.throw(TypeError, 'SGD: expected initialLr to be a number, got "1"')
  })

  it('go on after an epoch, in an optimizer that was loaded', () => {
    const optimizer = sgd(1)
    const scheduler = new StepLR(optimizer, 2, { gamma: 0.5 })
    for (let i = 0; i < 3; i++) scheduler.step()
    const resumed = sgd(7)
    resumed.loadStateDict(optimizer.stateDict())
    expect(resumed.paramGroups[0].initialLr).to.equal(1)
    const next = new StepLR(resumed, 2, { gamma: 0.5, lastEpoch: 3 })
    scheduler.step()
    expect(next.stateDict()).to.deep.equal(scheduler.stateDict())
    const bad = new Map(optimizer.stateDict()).set('paramGroups.0.initialLr', tensor([1, 2]))
    expect(() => resumed.loadStateDict(bad)).to.throw(TypeError, 'SGD: expected initialLr to be a number, got [1,2]')
  })

  it('can be loaded from another number of steps, and rejects what does not fit, changing nothing', () => {
    const optimizer = sgd(1)
    const scheduler = new StepLR(optimizer, 2)
    const before = scheduler.stateDict()
    const bad: [change: object | null, message: string][] = [
      [null, 'StepLR: expected dict to be what stateDict() returns, got null'],
      [new ExponentialLR(sgd(1), 0.5).stateDict(), 'StepLR: expected dict to be of the keys baseLrs,gamma,lastEpoch'],
      [{ ...before, gamma: undefined }, 'StepLR: expected gamma to be a number, got undefined'],
      [{ ...before, lastEpoch: 1.5 }, 'StepLR: expected lastEpoch to be an integer of at least -1, got number 1.5'],
      [{ ...before, lastLr: [1, 2] }, 'StepLR: expected lastLr to be of one number for each of 1 groups, got [1,2]'],
      [{ ...before, baseLrs: ['1'] }, 'StepLR: expected baseLrs[0] to be a number, got "1"'],
      [{ ...before, stepSize: 0 }, 'StepLR: expected stepSize to be an integer of at least 1, got number 0'],
    ]
    for (const [dict, message] of bad) {
      expect(() => scheduler.loadStateDict(dict as never)).to.throw(message)
      expect(scheduler.stateDict()).to.deep.equal(before)
    }
  })
})

describe('LambdaLR', () => {
  it('changes nothing if a function throws or returns no number', () => {
    const optimizer = sgd(1, 2)
    const scheduler = new LambdaLR(optimizer, [
      () => 0.5,
      (epoch) => {
        if (epoch === 1) throw new Error('mine')
        return epoch === 0 ? 1 : (undefined as never)
      },
    ])
    expect(() => scheduler.step()).to.throw('mine')
    expect(ratesOf(optimizer)).to.deep.equal([0.5, 2])
    scheduler.loadStateDict({ ...scheduler.stateDict(), lastEpoch: 1 })
    expect(() => scheduler.step()).to.throw(
      TypeError,
      'LambdaLR: expected what lrLambda returns for epoch 2 to be a number, got undefined',
    )
    expect(ratesOf(optimizer)).to.deep.equal([0.5, 2])
    expect(scheduler.lastEpoch).to.equal(1)
  })
})

describe('CosineAnnealingLR', () => {
  it('comes back to 0 and not below', () => {
    const optimizer = sgd(0)
    const scheduler = new CosineAnnealingLR(optimizer, 3, { etaMin: 1e-5 })
    for (let i = 0; i < 6; i++) scheduler.step()
    expect(ratesOf(optimizer)).to.deep.equal([0])
    optimizer.step()
  })
})

describe('OneCycleLR', () => {
  it('allows one step after the last, as PyTorch does, and then changes nothing', () => {
    const optimizer = sgd(1)
    const scheduler = new OneCycleLR(optimizer, 1, { totalSteps: 4, annealStrategy: 'linear' })
    for (let i = 0; i < 4; i++) scheduler.step()
    expect(ratesOf(optimizer), 'not below 0').to.deep.equal([0])
    const { momentum } = optimizer.paramGroups[0]
    expect(() => scheduler.step()).to.throw(RangeError, 'OneCycleLR: expected the number of steps to be at most 4')
    expect(scheduler.lastEpoch).to.equal(4)
    expect(optimizer.paramGroups[0].momentum).to.equal(momentum)
  })

  it("cycles the first of Adam's betas alone", () => {
    const optimizer = new optim.Adam([zeros([1])], { betas: [0.5, 0.77] })
    new OneCycleLR(optimizer, 1, { totalSteps: 10 })
    expect(optimizer.paramGroups[0].betas).to.deep.equal([0.95, 0.77])
  })

  it('leaves the optimizer alone if an argument is wrong', () => {
    const optimizer = sgd(1)
    const make = () => new OneCycleLR(optimizer, 1, { totalSteps: 10, pctStart: 0.1 })
    expect(make).to.throw(RangeError, 'pctStart to be such that no phase of 10 steps starts where it ends')
    expect(optimizer.paramGroups).to.deep.equal(sgd(1).paramGroups)
  })

  it('rejects an optimizer without a momentum, unless the momentum is left alone', () => {
    class Plain extends optim.Optimizer<{ lr: number }> {
      constructor() {
        super([zeros([1])], undefined, { lr: 1 })
      }
      protected override update(): void {
        // It updates nothing.
      }
      protected override checkOptions(): void {
        // Any will do.
      }
      protected override stateShapes() {
        return {}
      }
    }
    expect(() => new OneCycleLR(new Plain(), 1, { totalSteps: 4 })).to.throw(
      RangeError,
      'OneCycleLR: expected optimizer to be one with momentum or betas, to cycle them, got a Plain',
    )
    const scheduler = new OneCycleLR(new Plain(), 1, { totalSteps: 4, cycleMomentum: false })
    expect(Object.keys(scheduler.optimizer.paramGroups[0])).to.have.members(['lr', 'params', 'initialLr'])
  })
})

describe('ReduceLROnPlateau', () => {
  it('takes the metric as a number or as a tensor of one element', () => {
    const optimizer = sgd(1)
    const scheduler = new ReduceLROnPlateau(optimizer, { patience: 0 })
    scheduler.step(1)
    scheduler.step(tensor([1]))
    expect(scheduler.getLastLr()).to.deep.equal([0.1])
    expect(() => scheduler.step(zeros([2]))).to.throw(RangeError, 'item: expected the tensor to be of exactly one')
    expect(() => scheduler.step('1' as never)).to.throw(TypeError, 'ReduceLROnPlateau: expected metric to be a number')
    expect(scheduler.lastEpoch).to.equal(2)
  })

  it('takes NaN for no improvement', () => {
    const scheduler = new ReduceLROnPlateau(sgd(1), { patience: 0 })
    scheduler.step(NaN)
    expect(scheduler.stateDict()).to.include({ best: null, lastEpoch: 1 })
    expect(scheduler.getLastLr()).to.deep.equal([0.1])
  })
})

describe('a learning rate scheduler', () => {
  const optimizer = sgd(1, 2)
  const cycle = (options: Partial<optim.lrScheduler.OneCycleLROptions>, maxLr: number | number[] = 1) =>
    new OneCycleLR(optimizer, maxLr, { totalSteps: 10, ...options })
  const rejected: [make: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => new StepLR({} as never, 1), TypeError, 'StepLR: expected optimizer to be an optimizer, got an object'],
    [() => new ReduceLROnPlateau(1 as never), TypeError, 'ReduceLROnPlateau: expected optimizer to be an optimizer'],
    [() => new OneCycleLR(null as never, 1), TypeError, 'OneCycleLR: expected optimizer to be an optimizer, got null'],
    [() => new StepLR(optimizer, 0), RangeError, 'StepLR: expected stepSize to be an integer of at least 1'],
    [() => new StepLR(optimizer, 1, { gama: 1 } as never), TypeError, 'did you mean gamma?'],
    [() => new StepLR(optimizer, 1, { gamma: null as never }), TypeError, 'StepLR: expected gamma to be a number'],
    [() => new StepLR(optimizer, 1, { lastEpoch: -2 }), RangeError, 'lastEpoch to be an integer of at least -1'],
    [
      () => new StepLR(optimizer, 1, { lastEpoch: 0 }),
      RangeError,
      'StepLR: expected paramGroups[0].initialLr to be set, to go on after epoch 0, got undefined',
    ],
    [() => new ExponentialLR(optimizer, '1' as never), TypeError, 'ExponentialLR: expected gamma to be a number'],
    [() => new CosineAnnealingLR(optimizer, 0), RangeError, 'CosineAnnealingLR: expected tMax to be an integer'],
    [() => new CosineAnnealingLR(optimizer, 1, { etaMin: '0' as never }), TypeError, 'etaMin to be a number'],
    [
      () => new LinearLR(optimizer, { startFactor: 0 }),
      RangeError,
      'LinearLR: expected startFactor to be within (0, 1]',
    ],
    [() => new LinearLR(optimizer, { endFactor: 1.1 }), RangeError, 'LinearLR: expected endFactor to be within [0, 1]'],
    [() => new LinearLR(optimizer, { totalIters: -1 }), RangeError, 'LinearLR: expected totalIters to be an integer'],
    [() => new LambdaLR(optimizer, 1 as never), TypeError, 'LambdaLR: expected lrLambda to be a function or an array'],
    [() => new LambdaLR(optimizer, [1] as never), TypeError, 'LambdaLR: expected lrLambda[0] to be a function'],
    [() => new LambdaLR(optimizer, [() => 1]), RangeError, 'lrLambda to be of one function for each of 2 groups'],
    [() => new ReduceLROnPlateau(optimizer, { mode: 'up' as never }), RangeError, "mode to be one of 'min', 'max'"],
    [() => new ReduceLROnPlateau(optimizer, { factor: 1 }), RangeError, 'expected factor to be below 1, got number 1'],
    [() => new ReduceLROnPlateau(optimizer, { patience: -1 }), RangeError, 'patience to be an integer of at least 0'],
    [() => new ReduceLROnPlateau(optimizer, { thresholdMode: 'x' as never }), RangeError, "one of 'rel', 'abs'"],
    [
      () => new ReduceLROnPlateau(optimizer, { minLr: [0] }),
      RangeError,
      'minLr to be of one number for each of 2 groups',
    ],
    [() => new ReduceLROnPlateau(optimizer, { minLr: -1 }), RangeError, 'expected minLrs[0] to be at least 0'],
    [() => new ReduceLROnPlateau(optimizer, { eps: -1 }), RangeError, 'expected eps to be at least 0'],
    [() => new OneCycleLR(optimizer, 1), RangeError, 'options to be with totalSteps, or with epochs and stepsPerEpoch'],
    [() => new OneCycleLR(optimizer, 1, { epochs: 2 }), RangeError, 'options to be with totalSteps, or with epochs'],
    [
      () => new OneCycleLR(optimizer, 1, { epochs: 2, stepsPerEpoch: 0.5 }),
      RangeError,
      'stepsPerEpoch to be an integer',
    ],
    [() => cycle({ totalSteps: 0 }), RangeError, 'OneCycleLR: expected totalSteps to be an integer of at least 1'],
    [() => cycle({ pctStart: 1.5 }), RangeError, 'OneCycleLR: expected pctStart to be within [0, 1], got number 1.5'],
    [() => cycle({ annealStrategy: 'log' as never }), RangeError, "annealStrategy to be one of 'cos', 'linear'"],
    [() => cycle({ divFactor: 0 }), RangeError, 'OneCycleLR: expected divFactor to be above 0, got number 0'],
    [() => cycle({ finalDivFactor: 0 }), RangeError, 'OneCycleLR: expected finalDivFactor to be above 0'],
    [() => cycle({ maxMomentum: [0.9] }), RangeError, 'maxMomentum to be of one number for each of 2 groups'],
    [() => cycle({ threePhase: 1 as never }), TypeError, 'OneCycleLR: expected threePhase to be a boolean'],
    [() => cycle({}, [1, 2, 3]), RangeError, 'maxLr to be of one number for each of 2 groups, got [1,2,3]'],
  ]
  for (const [make, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(make).to.throw(type, message)
      expect(optimizer.paramGroups).to.deep.equal(sgd(1, 2).paramGroups)
    })
  }
})
