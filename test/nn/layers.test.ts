import { expect } from 'chai'
import { manualSeed, nn, tensor, zeros } from '../../lib/index.js'

describe('CrossEntropyLoss', () => {
  const logits = tensor([
    [1, 2, 3],
    [3, 1, 0],
  ])
  const target = tensor([2, 1], { dtype: 'int32' })
  for (const options of [
    {},
    { weight: tensor([1, 2, 3]) },
    { ignoreIndex: 2 },
    { labelSmoothing: 0.2 },
    { reduction: 'sum' },
  ] as const) {
    it(`passes on ${Object.keys(options).join() || 'its defaults'}`, () => {
      const loss = new nn.CrossEntropyLoss(options).forward(logits, target)
      expect(loss.item()).to.equal(nn.functional.crossEntropy(logits, target, options).item())
      const plain = nn.functional.crossEntropy(logits, target).item()
      if (Object.keys(options).length > 0) expect(loss.item()).to.not.equal(plain)
    })
  }
})

describe('layers', () => {
  it('begin as PyTorch begins them', () => {
    manualSeed(42)
    const linear = new nn.Linear(3, 2)
    expect(linear.weight.toArray()).to.deep.equal([
      [0.4414065182209015, 0.47920528054237366, -0.1352572739124298],
      [0.5303604602813721, -0.1264995038509369, 0.11650390923023224],
    ])
    expect(linear.bias?.toArray()).to.deep.equal([-0.28108587861061096, 0.3390677869319916])
    const norm = new nn.LayerNorm([2, 2])
    expect(norm.weight?.toArray()).to.deep.equal([
      [1, 1],
      [1, 1],
    ])
    expect(norm.bias?.toArray()).to.deep.equal([
      [0, 0],
      [0, 0],
    ])
  })

  it('leave out what is switched off', () => {
    expect(new nn.LayerNorm(3, { elementwiseAffine: false }).parameters()).to.deep.equal([])
    expect(new nn.LayerNorm(3, { bias: false }).namedParameters().map(([name]) => name)).to.deep.equal(['weight'])
    expect(new nn.LayerNorm(3, { bias: false }).forward(tensor([[1, 2, 3]])).shape).to.deep.equal([1, 3])
    expect(new nn.Linear(0, 2).bias?.toArray()).to.deep.equal([0, 0])
    expect(new nn.Linear(2, 3, { bias: false }).parameters()).to.have.length(1)
  })

  const rejected: [make: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [
      () => new nn.Linear(2.5, 1),
      RangeError,
      'Linear: expected inFeatures to be an integer of at least 0, got number 2.5',
    ],
    [() => new nn.Linear(2, 1, { bias: 1 as never }), TypeError, 'Linear: expected bias to be a boolean, got number 1'],
    [() => new nn.Linear(2, 1, { biass: false } as never), TypeError, 'did you mean bias?'],
    [
      () => new nn.LayerNorm(-1),
      RangeError,
      'LayerNorm: expected every length of normalizedShape to be an integer of at least 0',
    ],
    [
      () => new nn.LayerNorm('8' as never),
      TypeError,
      'LayerNorm: expected normalizedShape to be a number or an array of integers',
    ],
    [() => new nn.CrossEntropyLoss({ reduction: 'max' as never }), RangeError, "one of 'mean', 'sum', 'none'"],
    [() => new nn.CrossEntropyLoss({ labelSmoothing: 2 }), RangeError, 'CrossEntropyLoss: expected labelSmoothing'],
    [
      () => new nn.Parameter(zeros([1], { dtype: 'int32' }) as never),
      TypeError,
      'Parameter: expected data to be a float32 tensor',
    ],
  ]
  for (const [make, type, message] of rejected) {
    it(`reject: ${message}`, () => {
      expect(make).to.throw(type, message)
    })
  }
})
