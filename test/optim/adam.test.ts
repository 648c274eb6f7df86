import { expect } from 'chai'
import { manualSeed, nn, optim, randn, type Tensor, tensor, zeros } from '../../lib/index.js'

const parameter = (...values: number[]) => new nn.Parameter(tensor(values))

/** Gives every parameter the gradient 1, and steps. */
function step(optimizer: { zeroGrad(): void; step(): void }, ...parameters: Tensor[]): void {
  optimizer.zeroGrad()
  for (const each of parameters) each.sum().backward()
  optimizer.step()
}

describe('Adam', () => {
  it('moves by the learning rate at first, thanks to bias correction', () => {
    const x = parameter(1, 2)
    step(new optim.Adam([x], { lr: 0.1 }), x)
    expect(x.data[0]).to.be.closeTo(0.9, 1e-6)
    expect(x.data[1]).to.be.closeTo(1.9, 1e-6)
  })

  it('leaves alone what has no gradient', () => {
    const [x, y] = [parameter(1), parameter(1)]
    const optimizer = new optim.Adam([x, y], { lr: 0.1 })
    step(optimizer, x)
    expect(y.item()).to.equal(1)
    expect([...optimizer.stateDict().keys()].filter((name) => name.startsWith('state.1'))).to.deep.equal([])
  })

  it('has groups with options of their own, which may change on the way', () => {
    const [x, y] = [parameter(1), parameter(1)]
    const optimizer = new optim.Adam([{ params: [x] }, { params: [y], lr: 0.5 }], { lr: 0.1 })
    expect(optimizer.paramGroups.map(({ lr }) => lr)).to.deep.equal([0.1, 0.5])
    step(optimizer, x, y)
    expect(y.item()).to.be.closeTo(0.5, 1e-6)
    optimizer.paramGroups[0].lr = 0
    const before = x.item()
    step(optimizer, x, y)
    expect(x.item()).to.equal(before)
  })

  it('takes a single tensor as the tensors of a group', () => {
    const [x, y] = [parameter(1), parameter(1)]
    const single = { params: x, lr: 0.5 }
    const optimizer = new optim.Adam([single, { params: [y] }], { lr: 0.1 })
    expect(optimizer.paramGroups.map(({ params, lr }) => [[...params], lr])).to.deep.equal([
      [[x], 0.5],
      [[y], 0.1],
    ])
    expect(single).to.deep.equal({ params: x, lr: 0.5 })
    step(optimizer, x, y)
    expect(x.item()).to.be.closeTo(0.5, 1e-6)
    expect(() => new optim.Adam([{ params: x }, { params: x }])).to.throw(RangeError, 'params[1] to be a tensor that')
    expect(() => new optim.SGD([{ params: x.mul(2) }])).to.throw(RangeError, 'SGD: expected params[0] to be a leaf')
  })

  it('saves no state that it would not load', () => {
    const optimizer = new optim.Adam([parameter(1)], { lr: 0.1 })
    for (const [lr, message] of [
      [-1, 'Adam: expected lr to be at least 0, got number -1'],
      ['0.1', 'Adam: expected lr to be a number, got "0.1"'],
    ]) {
      optimizer.paramGroups[0].lr = lr as number
      expect(() => optimizer.stateDict()).to.throw(message as string)
    }
    optimizer.paramGroups[0].lr = 0.2
    expect(optimizer.stateDict().get('paramGroups.0.lr')?.item()).to.equal(0.2)
  })

  it('goes on bit for bit from its saved state', () => {
    const train = (model: nn.Linear, optimizer: optim.Adam) => {
      const x = randn([4, 3])
      optimizer.zeroGrad()
      model.forward(x).sum().backward()
      optimizer.step()
    }
    const options = { lr: 0.01, amsgrad: true, weightDecay: 0.1 }
    const model = new nn.Linear(3, 2)
    const optimizer = new optim.Adam(model.parameters(), options)
    train(model, optimizer)

    const twin = new nn.Linear(3, 2)
    twin.loadStateDict(model.stateDict())
    const resumed = new optim.Adam(twin.parameters())
    resumed.loadStateDict(optimizer.stateDict())
    for (const [which, rival] of [
      [model, optimizer],
      [twin, resumed],
    ] as const) {
      manualSeed(3)
      for (let i = 0; i < 5; i++) train(which, rival)
    }
    expect(twin.weight.data).to.deep.equal(model.weight.data)
    expect(resumed.paramGroups[0].amsgrad).to.equal(true)
  })

  it('rejects a state that does not fit, and changes nothing', () => {
    const x = parameter(1, 2)
    const optimizer = new optim.Adam([x])
    step(optimizer, x)
    const other = new optim.Adam([parameter(1)])
    expect(() => {
      other.loadStateDict(optimizer.stateDict())
    }).to.throw(RangeError, 'Adam: expected state.0.expAvg to be of shape [1], got a float32 tensor of shape [2]')
    expect(other.stateDict().has('state.0.step')).to.equal(false)
    const two = new optim.Adam([parameter(1), parameter(2)])
    expect(() => {
      two.loadStateDict(optimizer.stateDict())
    }).to.throw(RangeError, 'Adam: expected dict to be of groups of [2] tensors, got [1]')
    const dict = optimizer.stateDict()
    dict.set('paramGroups.0.lr', tensor(-1))
    expect(() => {
      optimizer.loadStateDict(dict)
    }).to.throw(RangeError, 'Adam: expected lr to be at least 0')
    expect(optimizer.paramGroups[0].lr).to.equal(1e-3)
  })

  it('rejects an option that was set under a name that is none, and changes nothing', () => {
    const x = parameter(1)
    const optimizer = new optim.Adam([x])
    Object.assign(optimizer.paramGroups[0], { weight_decay: 0.1 })
    x.grad = tensor([1])
    const message =
      'unknown option weight_decay (known: lr, betas, eps, weightDecay, amsgrad, maximize, params, initialLr)'
    for (const call of [() => optimizer.step(), () => optimizer.stateDict()]) {
      expect(call).to.throw(TypeError, `Adam: ${message}; did you mean weightDecay?`)
    }
    expect(x.item()).to.equal(1)
  })

  const x = parameter(1)
  const rejected: [make: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => new optim.Adam([]), RangeError, 'Adam: expected params to be of one tensor or group at least'],
    [() => new optim.Adam(x as never), TypeError, 'Adam: expected params to be an array of tensors or of groups'],
    [() => new optim.Adam([undefined] as never), TypeError, 'got undefined'],
    [() => new optim.Adam([{ lr: 1 }] as never), TypeError, 'groups { params: [...], ... }'],
    [
      () => new optim.Adam(x as never),
      TypeError,
      'array of tensors or of groups { params, ... }, got a float32 tensor',
    ],
    [() => new optim.Adam([{ params: 1 }] as never), TypeError, 'groups { params: [...], ... }, got an object'],
    [
      () => new optim.Adam([x, { params: x }] as never),
      TypeError,
      'groups { params: [...], ... }, got a float32 tensor',
    ],
    [() => new optim.Adam([x, x]), RangeError, 'Adam: expected params[1] to be a tensor that has not come before'],
    [() => new optim.Adam([x.mul(2)]), RangeError, 'Adam: expected params[0] to be a leaf'],
    [() => new optim.Adam([zeros([1], { dtype: 'int32' })]), TypeError, 'params[0] to be a float32 tensor'],
    [() => new optim.Adam([x], { lr: -1 }), RangeError, 'Adam: expected lr to be at least 0, got number -1'],
    [() => new optim.Adam([x], { lr: NaN }), RangeError, 'Adam: expected lr to be at least 0, got number NaN'],
    [
      () => new optim.Adam([x], { betas: [0.9, 1] }),
      RangeError,
      'Adam: expected betas[1] to be within [0, 1), got number 1',
    ],
    [
      () => new optim.Adam([x], { betas: 0.9 as never }),
      TypeError,
      'Adam: expected betas to be an array of two numbers',
    ],
    [() => new optim.Adam([x], { weight_decay: 1 } as never), TypeError, 'did you mean weightDecay?'],
    [() => new optim.Adam([{ params: [x], learningRate: 1 } as never]), TypeError, 'Adam: unknown option learningRate'],
  ]
  for (const [make, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(make).to.throw(type, message)
    })
  }
})

describe('the options of an optimizer', () => {
  it('are its own, down to the betas', () => {
    const betas: [number, number] = [0.5, 0.6]
    const optimizer = new optim.Adam([parameter(1)], { betas })
    betas[0] = 0
    expect(optimizer.paramGroups[0].betas).to.deep.equal([0.5, 0.6])
    const [group] = new optim.Adam([parameter(1)]).paramGroups
    expect(() => {
      Object.assign(group.betas, [0, 0])
    }).to.throw(TypeError)
    expect(() => new optim.Adam([parameter(1)], { betas: new Array(2) as never })).to.throw(TypeError, 'betas[0]')
  })
})

describe('AdamW', () => {
  it('checks its options as Adam does', () => {
    expect(new optim.AdamW([parameter(1)], { weightDecay: undefined as never }).paramGroups[0].weightDecay).to.equal(
      0.01,
    )
    expect(() => new optim.AdamW([parameter(1)], 0.5 as never)).to.throw(
      TypeError,
      'AdamW: expected options to be an object { lr, betas, eps, weightDecay, amsgrad, maximize }, got number 0.5',
    )
  })

  it('decays by default, also where the gradient is zero', () => {
    const x = parameter(1)
    const optimizer = new optim.AdamW([x], { lr: 0.1 })
    x.mul(0).sum().backward()
    optimizer.step()
    expect(x.item()).to.equal(Math.fround(1 - 0.1 * 0.01))
  })
})

describe('the saved state of an optimizer', () => {
  const trained = () => {
    const x = parameter(1, 2)
    const optimizer = new optim.Adam([x], { lr: 0.1, amsgrad: true })
    step(optimizer, x)
    return optimizer
  }

  it('is made of tensors by name', () => {
    const dict = trained().stateDict()
    expect([...dict.keys()]).to.deep.equal([
      ...['step', 'expAvg', 'expAvgSq', 'maxExpAvgSq'].map((name) => `state.0.${name}`),
      ...['params', 'lr', 'betas', 'eps', 'weightDecay', 'amsgrad', 'maximize'].map((name) => `paramGroups.0.${name}`),
    ])
    expect(dict.get('paramGroups.0.lr')?.item()).to.equal(0.1)
    expect(dict.get('paramGroups.0.betas')?.toArray()).to.deep.equal([0.9, 0.999])
    expect(dict.get('paramGroups.0.amsgrad')?.toArray()).to.equal(true)
  })

  it('grows where amsgrad is switched on later', () => {
    const x = parameter(1)
    const optimizer = new optim.Adam([x])
    step(optimizer, x)
    optimizer.paramGroups[0].amsgrad = true
    step(optimizer, x)
    expect(optimizer.stateDict().get('state.0.maxExpAvgSq')?.item()).to.be.greaterThan(0)
  })

  it('is rejected by the number that a tensor has over all groups', () => {
    const groups = () => [{ params: [parameter(1)] }, { params: [parameter(1), parameter(1, 2)] }]
    const optimizer = new optim.Adam(groups())
    step(optimizer, ...optimizer.paramGroups.flatMap(({ params }) => params))
    const other = new optim.Adam(groups())
    for (const [name, value, message] of [
      ['state.2.expAvgSq', zeros([3]), 'to be of shape [2], got a float32 tensor of shape [3]'],
      ['state.2.step', zeros([1]), 'to be of shape [], got a float32 tensor of shape [1]'],
      ['state.1.step', tensor(-1), 'to be at least 0, got number -1'],
      ['state.1.expAvg', zeros([1], { dtype: 'float64' }), 'to be a float32 tensor, got a float64 tensor of shape [1]'],
    ] as const) {
      expect(() => {
        other.loadStateDict(optimizer.stateDict().set(name, value))
      }).to.throw(`Adam: expected ${name} ${message}`)
    }
  })

  const broken: [label: string, change: (dict: Map<string, Tensor>) => void, message: string][] = [
    ['a name of its own', (dict) => dict.set('momentum', zeros([1])), 'got "momentum"'],
    ['state for no tensor', (dict) => dict.set('state.7.step', zeros([])), 'of state for tensors 0 to 0, got [0,7]'],
    ['a group too far', (dict) => dict.set('paramGroups.5.lr', zeros([])), 'of groups without a gap'],
    [
      'a missing part',
      (dict) => dict.delete('state.0.expAvg'),
      'expected state.0.expAvg to be a tensor, got undefined',
    ],
    ['a number for betas', (dict) => dict.set('paramGroups.0.betas', zeros([])), 'betas to be an array of two numbers'],
    ['what is no tensor', (dict) => dict.set('state.0.step', 1 as never), 'to be a tensor, got number 1'],
  ]
  for (const [label, change, message] of broken) {
    it(`is rejected with ${label}`, () => {
      const optimizer = trained()
      const dict = new Map(optimizer.stateDict())
      change(dict)
      expect(() => {
        optimizer.loadStateDict(dict)
      }).to.throw(message)
    })
  }
})
