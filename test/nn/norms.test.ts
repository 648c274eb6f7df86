import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { load, nn, noGrad, ones, randn, save, type Tensor, tensor, zeros } from '../../lib/index.js'

const F = nn.functional

describe('BatchNorm1d', () => {
  const batch = tensor([
    [1, 10],
    [3, 30],
  ])
  const tracked = ({ running_mean, running_var, num_batches_tracked }: nn.BatchNorm1d) =>
    [running_mean, running_var, num_batches_tracked].map((buffer) => buffer?.toArray())

  it('has the state that PyTorch has', () => {
    const names = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
    const norm = new nn.BatchNorm1d(2)
    expect([...norm.stateDict().keys()]).to.deep.equal(names)
    expect(tracked(norm)).to.deep.equal([[0, 0], [1, 1], 0])
    expect(norm.num_batches_tracked?.dtype).to.equal('int32')
    expect([...new nn.BatchNorm1d(2, { affine: false }).stateDict().keys()]).to.deep.equal(names.slice(2))
    expect([...new nn.BatchNorm1d(2, { trackRunningStats: false }).stateDict().keys()]).to.deep.equal(names.slice(0, 2))
    expect([...new nn.BatchNorm1d(2, { bias: false }).stateDict().keys()]).to.deep.equal(names.toSpliced(1, 1))
  })

  it('lets the running statistics follow in training, also without gradients, and not in evaluation', () => {
    const norm = new nn.BatchNorm1d(2, { momentum: 0.5 })
    norm.forward(batch)
    expect(tracked(norm)).to.deep.equal([[1, 10], [1.5, 100.5], 1])
    noGrad(() => norm.forward(batch))
    expect(tracked(norm)).to.deep.equal([[1.5, 15], [1.75, 150.25], 2])
    norm.eval().forward(batch)
    expect(tracked(norm)).to.deep.equal([[1.5, 15], [1.75, 150.25], 2])
  })

  it('averages over all batches with a momentum of null', () => {
    const norm = new nn.BatchNorm1d(2, { momentum: null })
    for (const factor of [1, 3, 2]) norm.forward(batch.mul(factor))
    expect(norm.running_mean?.toArray()).to.deep.equal([4, 40])
    expect(norm.running_var?.data[0]).to.be.closeTo((2 * (1 + 9 + 4)) / 3, 1e-6)
    expect(norm.num_batches_tracked?.item()).to.equal(3)
  })

  it('uses the running statistics in evaluation, and those of the batch if there are none', () => {
    const norm = new nn.BatchNorm1d(2, { eps: 0 }).eval()
    norm.running_mean?.data.set([1, 10])
    norm.running_var?.data.set([4, 100])
    expect(norm.forward(batch).toArray()).to.deep.equal([
      [0, 0],
      [1, 2],
    ])
    const without = new nn.BatchNorm1d(2, { trackRunningStats: false, affine: false })
    const y = without.forward(batch).toArray()
    expect(without.eval().forward(batch).toArray()).to.deep.equal(y)
    expect(y).to.deep.equal(F.batchNorm(batch, null, null, { training: true }).toArray())
  })

  it('takes three dimensions, and learns', () => {
    const norm = new nn.BatchNorm1d(3)
    norm
      .forward(randn([4, 3, 5]))
      .mul(randn([4, 3, 5]))
      .sum()
      .backward()
    for (const { grad } of norm.parameters()) expect(grad?.shape).to.deep.equal([3])
  })

  it('rejects inputs, and leaves the running statistics alone then', () => {
    const norm = new nn.BatchNorm1d(2)
    const cases: [input: Tensor, message: string][] = [
      [zeros([2]), 'BatchNorm1d: expected input to be of shape [N,2] or [N,2,L], got a float32 tensor of shape [2]'],
      [zeros([2, 2, 2, 2]), 'BatchNorm1d: expected input to be of shape [N,2] or [N,2,L]'],
      [
        zeros([2, 3]),
        'BatchNorm1d: expected input to be of shape [N,2] or [N,2,L], got a float32 tensor of shape [2,3]',
      ],
      [zeros([1, 2]), 'batchNorm: expected input to be of more than 1 value per channel in training'],
      [zeros([1, 2, 1]), 'batchNorm: expected input to be of more than 1 value per channel in training'],
    ]
    for (const [input, message] of cases) expect(() => norm.forward(input)).to.throw(RangeError, message)
    expect(() => norm.forward(zeros([2, 2], { dtype: 'int32' }))).to.throw(TypeError, 'batchNorm: expected input')
    expect(tracked(norm)).to.deep.equal([[0, 0], [1, 1], 0])
    expect(norm.eval().forward(zeros([1, 2])).shape).to.deep.equal([1, 2])
  })

  it('saves and loads what it tracks', async () => {
    const [from, to] = [new nn.BatchNorm1d(2), new nn.BatchNorm1d(2)]
    from.forward(batch)
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-'))
    try {
      await save(join(folder, 'norm.safetensors'), from.stateDict())
      to.loadStateDict(await load(join(folder, 'norm.safetensors')))
    } finally {
      await rm(folder, { recursive: true })
    }
    expect(tracked(to)).to.deep.equal(tracked(from))
  })

  it('loads what PyTorch has saved', async () => {
    const file = new URL('../golden/python_batch_norm.safetensors', import.meta.url)
    const norm = new nn.BatchNorm1d(2)
    norm.loadStateDict(await load(file))
    expect(tracked(norm)).to.deep.equal([[2, 20], [2, 200], 1])
  })
})

describe('batchNorm', () => {
  it('rejects running statistics that do not fit, before it changes one', () => {
    const [input, mean, variance] = [randn([4, 2]), zeros([2]), ones([2])]
    const learned = zeros([2])
    learned.requiresGrad = true
    const training = { training: true }
    const cases: [call: () => unknown, message: string][] = [
      [() => F.batchNorm(input, null, variance, training), 'batchNorm: expected runningMean to be given together'],
      [() => F.batchNorm(input, mean, undefined, training), 'batchNorm: expected runningVar to be given together'],
      [
        () => F.batchNorm(input, null, null),
        'batchNorm: expected runningMean to be given outside of training, got null',
      ],
      [() => F.batchNorm(input, mean, null), 'batchNorm: expected runningVar to be given outside of training'],
      [() => F.batchNorm(input, mean, ones([3]), training), 'expected runningVar to be of shape [2]'],
      [() => F.batchNorm(input, ones([2, 1]), variance, training), 'expected runningMean to be of shape [2]'],
      [() => F.batchNorm(input, mean, variance, { ...training, weight: ones([3]) }), 'expected weight to be of shape'],
      [
        () => F.batchNorm(zeros([4, 3]), mean, variance, { weight: ones([2]) }),
        'batchNorm: expected input to be of shape [N,2] or [N,2,d1,...] for a weight of [2], got a float32 tensor',
      ],
      [
        () => F.batchNorm(input, mean, variance, { weight: ones([2]), bias: ones([3]) }),
        'expected bias to be of shape',
      ],
      [() => F.batchNorm(input, mean, variance, { ...training, eps: 0 }), 'expected eps to be positive in training'],
      [() => F.batchNorm(input, mean, variance, { eps: -1 }), 'expected eps to be at least 0'],
      [() => F.batchNorm(zeros([2]), mean, variance), 'expected input to be of shape [N,C] or [N,C,d1,...]'],
    ]
    for (const [call, message] of cases) expect(call, message).to.throw(RangeError, message)
    expect(() => F.batchNorm(input, learned, variance)).to.throw(TypeError, 'a tensor that requires no gradient')
    expect(() => F.batchNorm(input, mean, variance, { momentum: null as never })).to.throw(TypeError, 'momentum')
    expect(() => F.batchNorm(input, mean, variance, { train: true } as never)).to.throw(TypeError, 'unknown option')
    expect([mean.toArray(), variance.toArray()]).to.deep.equal([
      [0, 0],
      [1, 1],
    ])
  })
})

describe('RMSNorm', () => {
  it('adds the smallest step from 1 in the dtype of its input by default', () => {
    for (const [dtype, step] of [
      ['float32', 2 ** -23],
      ['float64', 2 ** -52],
    ] as const) {
      const x = tensor([1e-4, -2e-4], { dtype })
      expect(F.rmsNorm(x, 2).toArray()).to.deep.equal(F.rmsNorm(x, 2, { eps: step }).toArray())
      expect(F.rmsNorm(x, 2).toArray()).to.not.deep.equal(F.rmsNorm(x, 2, { eps: 1e-5 }).toArray())
    }
  })

  it('passes its weight and eps on, and has the state that PyTorch has', () => {
    const norm = new nn.RMSNorm([2], { eps: 12.5 })
    norm.weight?.data.set([2, 10])
    expect(norm.forward(tensor([[3, 4]])).toArray()).to.deep.equal([[1.2, 8].map(Math.fround)])
    expect([...norm.stateDict().keys()]).to.deep.equal(['weight'])
    expect(new nn.RMSNorm(2, { elementwiseAffine: false }).parameters()).to.deep.equal([])
  })

  it('rejects what does not fit', () => {
    expect(() => new nn.RMSNorm([])).to.throw(RangeError, 'RMSNorm: expected normalizedShape')
    expect(() => new nn.RMSNorm(2, { bias: true } as never)).to.throw(TypeError, 'RMSNorm: unknown option bias')
    expect(() => F.rmsNorm(zeros([2, 3]), 2)).to.throw(RangeError, 'rmsNorm: expected input.shape to end with')
    expect(() => F.rmsNorm(zeros([3]), 3, { weight: ones([2]) })).to.throw(RangeError, 'rmsNorm: expected weight')
    expect(() => F.rmsNorm(zeros([3]), 3, { eps: '1' as never })).to.throw(TypeError, 'rmsNorm: expected eps')
  })
})

describe('GroupNorm', () => {
  it('passes its weight, bias and eps on, and has the state that PyTorch has', () => {
    const norm = new nn.GroupNorm(2, 4, { eps: 3 })
    norm.weight?.data.set([2, 2, 4, 4])
    norm.bias?.data.set([0, 1, 0, 1])
    expect(norm.forward(tensor([[1, 3, 5, 7]])).toArray()).to.deep.equal([[-1, 2, -2, 3]])
    expect([...norm.stateDict().keys()]).to.deep.equal(['weight', 'bias'])
    expect(new nn.GroupNorm(2, 4, { affine: false }).parameters()).to.deep.equal([])
    expect([...new nn.GroupNorm(2, 4, { bias: false }).stateDict().keys()]).to.deep.equal(['weight'])
  })

  it('rejects what does not fit', () => {
    const cases: [call: () => unknown, message: string][] = [
      [() => new nn.GroupNorm(4, 6), 'GroupNorm: expected numChannels to be divisible by numGroups 4, got number 6'],
      [() => new nn.GroupNorm(0, 6), 'GroupNorm: expected numGroups to be an integer of at least 1'],
      [() => F.groupNorm(zeros([2, 6]), 4), 'groupNorm: expected input to be of channels that 4 divides'],
      [() => F.groupNorm(zeros([6]), 3), 'groupNorm: expected input to be of shape [N,C] or [N,C,d1,...]'],
      [() => F.groupNorm(zeros([2, 6]), -1), 'groupNorm: expected numGroups to be an integer of at least 1'],
      [() => F.groupNorm(zeros([1, 6, 1]), 6), 'groupNorm: expected input to be of more than 1 value per group'],
      [() => F.groupNorm(zeros([2, 6]), 3, { weight: ones([5]) }), 'groupNorm: expected weight to be of shape [6]'],
      [
        () => new nn.GroupNorm(3, 6).forward(zeros([2, 9])),
        'groupNorm: expected input to be of shape [N,6] or [N,6,d1,...] for a weight of [6], got a float32 tensor',
      ],
    ]
    for (const [call, message] of cases) expect(call, message).to.throw(RangeError, message)
  })
})
