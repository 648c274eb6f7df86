import { expect } from 'chai'
import { manualSeed, nn, ones, randn, tensor } from '../../lib/index.js'
import { decode, type Encoded, readGolden, testCases } from '../golden.js'

const F = nn.functional

describe('embedding, beside PyTorch', () => {
  testCases<nn.functional.EmbeddingOptions>('embedding', ({ indices, weight }, options) =>
    F.embedding(indices, weight, options),
  )
})

describe('Embedding', () => {
  it('begins as PyTorch begins it', () => {
    const { initial } = readGolden('embedding') as { initial: { arguments: number[]; weight: Encoded }[] }
    manualSeed(42)
    for (const { arguments: own, weight } of initial) {
      const [numEmbeddings, embeddingDim, paddingIdx] = own
      const made = new nn.Embedding(numEmbeddings, embeddingDim, { paddingIdx })
      expect(made.weight.shape, String(own)).to.deep.equal(weight.shape)
      expect(made.weight.data, String(own)).to.deep.equal(decode(weight).data)
    }
  })

  it('learns every row that is used, but not the padding', () => {
    const layer = new nn.Embedding(4, 2, { paddingIdx: -2 })
    const y = layer.forward(
      tensor(
        [
          [0, 2],
          [3, 0],
        ],
        { dtype: 'int32' },
      ),
    )
    expect(y.shape).to.deep.equal([2, 2, 2])
    y.sum().backward()
    expect(layer.paddingIdx).to.equal(2)
    expect(layer.weight.grad?.toArray()).to.deep.equal([
      [2, 2],
      [0, 0],
      [0, 0],
      [1, 1],
    ])
    expect([...layer.stateDict().keys()]).to.deep.equal(['weight'])
  })

  const indices = tensor([0, 2], { dtype: 'int32' })
  const weight = randn([3, 2])
  const rejected: [call: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [
      () => F.embedding(ones([2]), weight),
      TypeError,
      "embedding: expected indices to be an int32 tensor, as tensor([..], { dtype: 'int32' }), got a float32 tensor of shape [2]",
    ],
    [() => F.embedding(3 as never, weight), TypeError, 'embedding: expected indices to be a tensor, got number 3'],
    [() => F.embedding(indices, indices), TypeError, 'embedding: expected weight to be a float32 tensor'],
    [
      () => F.embedding(indices, ones([3])),
      RangeError,
      'embedding: expected weight to be of shape [numEmbeddings,embeddingDim], got a float32 tensor of shape [3]',
    ],
    [
      () => F.embedding(indices, ones([2, 2])),
      RangeError,
      'embedding: expected indices to be from 0 to 1, got number 2',
    ],
    [
      () => F.embedding(tensor([-1], { dtype: 'int32' }), weight),
      RangeError,
      'embedding: expected indices to be from 0 to 2, got number -1',
    ],
    [
      () => F.embedding(indices, weight, { paddingIdx: 3 }),
      RangeError,
      'embedding: expected paddingIdx to be an integer from -3 to 2, got number 3',
    ],
    [() => new nn.Embedding(3, 2, { paddingIdx: -4 }), RangeError, 'Embedding: expected paddingIdx to be an integer'],
    [() => new nn.Embedding(3, 2, { padding_idx: 0 } as never), TypeError, 'did you mean paddingIdx?'],
    [() => new nn.Embedding(-1, 2), RangeError, 'Embedding: expected numEmbeddings to be an integer of at least 0'],
    [() => new nn.Embedding(1, 0.5), RangeError, 'Embedding: expected embeddingDim to be an integer of at least 0'],
    [() => nn.init.normal(weight, 0, -1), RangeError, 'normal: expected std to be at least 0, got number -1'],
  ]
  for (const [call, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(call).to.throw(type, message)
    })
  }
})
