import { expect } from 'chai'
import { type FloatTensor, nn, type Tensor, tensor } from '../lib/index.js'
import type { Dims } from '../lib/ops/reduction.js'

const F = nn.functional
const x = tensor([
  [1, 2, 4],
  [3, 5, 9],
])
const classes = tensor([2, 0], { dtype: 'int32' })
const queries = x.reshape([1, 2, 3])

/** What PyTorch lets be None, by a name; each is called with null and with undefined. */
const calls: Record<string, (absent: null | undefined) => Tensor> = {
  crossEntropy: (weight) => F.crossEntropy(x, classes, { weight }),
  CrossEntropyLoss: (weight) => new nn.CrossEntropyLoss({ weight }).forward(x, classes),
  nllLoss: (weight) => F.nllLoss(x, classes, { weight }),
  binaryCrossEntropyWithLogits: (absent) => F.binaryCrossEntropyWithLogits(x, x, { weight: absent, posWeight: absent }),
  layerNorm: (absent) => F.layerNorm(x, [3], { weight: absent, bias: absent }),
  rmsNorm: (absent) => F.rmsNorm(x, [3], { weight: absent, eps: absent }),
  RMSNorm: (eps) => new nn.RMSNorm(3, { eps }).forward(x),
  groupNorm: (absent) => F.groupNorm(x, 1, { weight: absent, bias: absent }),
  batchNorm: (absent) => F.batchNorm(x, absent, absent, { weight: absent, bias: absent, training: true }),
  linear: (bias) => F.linear(x, x, bias),
  embedding: (paddingIdx) => F.embedding(classes, x.reshape([3, 2]), { paddingIdx }),
  scaledDotProductAttention: (absent) =>
    F.scaledDotProductAttention(queries, queries, queries, { attnMask: absent, scale: absent }),
  sum: (dim) => x.sum(dim),
  mean: (dim) => x.mean(dim),
  var: (dim) => x.var(dim),
  std: (dim) => x.std(dim),
  argmax: (dim) => x.argmax(dim),
}

describe("null, for PyTorch's None", () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`is as good as nothing: ${name}`, () => {
      expect([...call(null).data]).to.deep.equal([...call(undefined).data])
    })
  }

  it('has a variance with the gradient of one over all dimensions', () => {
    const gradientOf = (dim: Dims | null | undefined): FloatTensor | null => {
      const leaf = tensor([2], { requiresGrad: true })
      leaf.var(dim, { correction: 2 }).backward()
      return leaf.grad
    }
    expect(gradientOf(null)?.toArray()).to.deep.equal(gradientOf(undefined)?.toArray())
  })

  it('lets backward start from a single element', () => {
    const leaf = tensor([2, 3], { requiresGrad: true })
    leaf.sum().backward(null)
    expect(leaf.grad?.toArray()).to.deep.equal([1, 1])
  })

  it('is refused where PyTorch has another default', () => {
    expect(() => F.crossEntropy(x, classes, { labelSmoothing: null as never })).to.throw(TypeError, 'labelSmoothing')
    expect(() => F.softmax(x, null as never)).to.throw(TypeError, 'dim')
  })
})

describe('batchNorm outside of training, without running statistics', () => {
  it('accepts a batch of nothing, as PyTorch does', () => {
    const empty = tensor([], { shape: [0, 3], requiresGrad: true })
    const y = F.batchNorm(empty, null, null)
    expect(y.shape).to.deep.equal([0, 3])
    y.sum().backward()
    expect(empty.grad?.shape).to.deep.equal([0, 3])
  })
})
