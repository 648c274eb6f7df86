import { expect } from 'chai'
import { full, nn, noGrad, ones, randn, tensor, zeros } from '../../lib/index.js'

const F = nn.functional

const x = ones([2, 3])
const target = tensor([2, 1], { dtype: 'int32' })
const learned = ones([3], { requiresGrad: true })

const rejected: [call: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
  [() => F.nllLoss([1] as never, target), TypeError, 'nllLoss: expected input to be a tensor, got [1]'],
  [() => F.nllLoss(tensor(1), target), RangeError, 'nllLoss: expected input to be of shape [C], [N,C] or [N,C,d1,...]'],
  [
    () => F.nllLoss(x, ones([2])),
    TypeError,
    "nllLoss: expected target to be class indices (an int32 tensor, as tensor([..], { dtype: 'int32' })), " +
      'got a float32 tensor of shape [2]',
  ],
  [
    () => F.nllLoss(x, zeros([3], { dtype: 'int32' })),
    RangeError,
    'nllLoss: expected target to be of shape [2] for an input of [2,3], got an int32 tensor of shape [3]',
  ],
  [
    () => F.nllLoss(ones([3]), zeros([2], { dtype: 'int32' })),
    RangeError,
    'nllLoss: expected target to be of shape [] for an input of [3], got an int32 tensor of shape [2]',
  ],
  [() => F.crossEntropy(ones([3]), zeros([1, 1], { dtype: 'int32' })), RangeError, 'crossEntropy: expected target'],
  [
    () => F.nllLoss(x, tensor([0, 3], { dtype: 'int32' })),
    RangeError,
    'nllLoss: expected target to be class indices from 0 to 2, got number 3',
  ],
  [
    () => F.nllLoss(ones([2, 0]), tensor([-100, 0], { dtype: 'int32' })),
    RangeError,
    'nllLoss: expected target to be -100 (ignoreIndex) alone for an input of [2,0], which has no classes, got number 0',
  ],
  [
    () => F.crossEntropy(ones([2, 0, 1]), zeros([2, 1], { dtype: 'int32' }), { ignoreIndex: 1 }),
    RangeError,
    'crossEntropy: expected target to be 1 (ignoreIndex) alone for an input of [2,0,1], which has no classes, got number',
  ],
  [() => F.nllLoss(x, target, { weight: ones([2]) }), RangeError, 'nllLoss: expected weight to be of shape [3]'],
  [
    () => F.nllLoss(x, target, { weight: learned }),
    TypeError,
    'nllLoss: expected weight to be without gradients, which do not flow through it (use detach())',
  ],
  [() => F.crossEntropy(x, target, { weight: learned }), TypeError, 'crossEntropy: expected weight to be without'],
  [() => F.nllLoss(x, target, { ignore_index: 1 } as never), TypeError, 'did you mean ignoreIndex?'],
  [() => new nn.NLLLoss({ ignoreIndex: 0.5 }), RangeError, 'NLLLoss: expected ignoreIndex to be an integer'],
  [() => new nn.NLLLoss({ weight: target }), TypeError, 'NLLLoss: expected weight to be a float32 tensor'],
  [() => F.mseLoss(x, 1 as never), TypeError, 'mseLoss: expected target to be a tensor, got number 1'],
  [() => F.mseLoss(target, target), TypeError, 'mseLoss: expected input or target to be a float32 tensor'],
  [
    () => F.mseLoss(x, ones([2, 3], { dtype: 'float64' })),
    TypeError,
    'mseLoss: expected target to be a float32 tensor, got a float64 tensor',
  ],
  [() => F.mseLoss(x, ones([2])), RangeError, 'mseLoss: expected shapes that broadcast together, got [2,3] and [2]'],
  [() => new nn.MSELoss({ reduction: 'avg' as never }), RangeError, 'MSELoss: expected reduction to be one of'],
  [
    () => F.binaryCrossEntropyWithLogits(x, ones([3])),
    RangeError,
    "binaryCrossEntropyWithLogits: expected target to be of the input's shape [2,3], got a float32 tensor of shape [3]",
  ],
  [
    () => F.binaryCrossEntropyWithLogits(x, zeros([2, 3], { dtype: 'bool' })),
    TypeError,
    'binaryCrossEntropyWithLogits: expected target to be a float32 tensor, got a bool tensor',
  ],
  [
    () => F.binaryCrossEntropyWithLogits(x, x, { weight: ones([2]) }),
    RangeError,
    "expected weight to be of a shape that broadcasts to the input's [2,3], got a float32 tensor of shape [2]",
  ],
  [
    () => F.binaryCrossEntropyWithLogits(x, x, { posWeight: ones([4, 2, 3]) }),
    RangeError,
    "expected posWeight to be of a shape that broadcasts to the input's [2,3]",
  ],
  [() => F.binaryCrossEntropyWithLogits(x, x, { posWeight: learned }), TypeError, 'posWeight to be without gradients'],
  [() => F.binaryCrossEntropyWithLogits(x, x, { pos_weight: x } as never), TypeError, 'did you mean posWeight?'],
  [() => new nn.BCEWithLogitsLoss({ posWeight: 2 as never }), TypeError, 'BCEWithLogitsLoss: expected posWeight'],
]

describe('losses', () => {
  it('have no mean over targets whose class weights are 0, smoothed or not', () => {
    for (const labelSmoothing of [0, 0.1, 1]) {
      const input = tensor([[1, 2, 3]], { requiresGrad: true })
      const options = { weight: tensor([0, 1, 2]), labelSmoothing }
      const loss = new nn.CrossEntropyLoss(options).forward(input, tensor([0], { dtype: 'int32' }))
      loss.backward()
      expect([loss.item(), ...(input.grad?.data ?? [])]).to.deep.equal([NaN, NaN, NaN, NaN])
    }
  })

  it('of targets that are ignored are 0 where there are no classes, smoothed or not', () => {
    for (const labelSmoothing of [0, 0.1, 1]) {
      for (const shape of [[0], [2], [2, 1]]) {
        const input = zeros(shape.toSpliced(1, 0, 0))
        const ignored = full(shape, -100, { dtype: 'int32' })
        const losses = F.crossEntropy(input, ignored, { reduction: 'none', labelSmoothing })
        expect(losses.toArray()).to.deep.equal(zeros(shape).toArray())
        expect(F.crossEntropy(input, ignored, { reduction: 'sum', labelSmoothing }).item()).to.equal(0)
      }
    }
  })

  for (const [call, type, message] of rejected) {
    it(`reject: ${message}`, () => {
      expect(call).to.throw(type, message)
    })
  }

  it('take weights that are learned where no gradients are', () => {
    expect(noGrad(() => F.nllLoss(x, target, { weight: learned })).item()).to.equal(-1)
  })

  it('reject arrays that were transferred away, without touching their memory', () => {
    const taken = ones([2, 3])
    structuredClone(taken.data, { transfer: [taken.data.buffer as ArrayBuffer] })
    expect(() => F.nllLoss(taken, target)).to.throw(RangeError)
    expect(() => F.mseLoss(taken, x)).to.throw(RangeError)
    expect(() => F.binaryCrossEntropyWithLogits(x, taken)).to.throw(RangeError)
  })
})

describe('modules of losses', () => {
  const logits = randn([2, 3])

  for (const options of [{}, { weight: tensor([1, 2, 3]) }, { ignoreIndex: 2 }, { reduction: 'sum' }] as const) {
    it(`NLLLoss passes on ${Object.keys(options).join() || 'its defaults'}`, () => {
      const loss = new nn.NLLLoss(options).forward(logits, target)
      expect(loss.item()).to.equal(F.nllLoss(logits, target, options).item())
      if (Object.keys(options).length > 0) expect(loss.item()).to.not.equal(F.nllLoss(logits, target).item())
    })
  }

  for (const options of [{}, { weight: tensor([1, 2, 3]) }, { posWeight: tensor(2) }, { reduction: 'sum' }] as const) {
    it(`BCEWithLogitsLoss passes on ${Object.keys(options).join() || 'its defaults'}`, () => {
      const loss = new nn.BCEWithLogitsLoss(options).forward(logits, x)
      expect(loss.item()).to.equal(F.binaryCrossEntropyWithLogits(logits, x, options).item())
      const plain = F.binaryCrossEntropyWithLogits(logits, x).item()
      if (Object.keys(options).length > 0) expect(loss.item()).to.not.equal(plain)
    })
  }

  it('MSELoss passes on its reduction', () => {
    expect(new nn.MSELoss().forward(logits, x).item()).to.equal(F.mseLoss(logits, x).item())
    expect(new nn.MSELoss({ reduction: 'none' }).forward(logits, x).shape).to.deep.equal([2, 3])
  })

  it("have PyTorch's names in their state", () => {
    const weighted = new nn.BCEWithLogitsLoss({ posWeight: ones([3]), weight: ones([2, 1]) })
    expect([...weighted.stateDict().keys()]).to.deep.equal(['weight', 'pos_weight'])
    expect([...new nn.NLLLoss({ weight: ones([3]) }).stateDict().keys()]).to.deep.equal(['weight'])
    expect(new nn.BCEWithLogitsLoss().stateDict().size + new nn.NLLLoss().stateDict().size).to.equal(0)
  })
})

describe('the losses of a single sample', () => {
  it('take its class with or without a dimension, as in PyTorch', () => {
    const input = F.logSoftmax(tensor([1, 2, 3]), 0)
    for (const loss of [F.nllLoss, F.crossEntropy]) {
      for (const reduction of ['none', 'mean', 'sum'] as const) {
        const [alone, listed] = [[], [1]].map((shape) => {
          const leaf = tensor([...input.data], { requiresGrad: true })
          const result = loss(leaf, tensor(Int32Array.of(1), { shape }), { reduction })
          result.backward()
          return { shape: [...result.shape], value: result.item(), grad: leaf.grad?.toArray() }
        })
        expect(listed).to.deep.equal(alone)
        expect(listed.shape).to.deep.equal([])
        expect(listed.value).to.be.closeTo(1.4076058864593506, 1e-6)
      }
    }
  })
})
