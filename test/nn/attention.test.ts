import { expect } from 'chai'
import { nn, ones, randn, tensor, zeros } from '../../lib/index.js'

const attend = nn.functional.scaledDotProductAttention

describe('scaledDotProductAttention', () => {
  it('gives zeros, and no gradient, where a query may attend to nothing', () => {
    const [query, key, value] = [
      [2, 3],
      [4, 3],
      [4, 2],
    ].map((shape) => randn(shape, { requiresGrad: true }))
    const attnMask = tensor([
      [true, false, true, true],
      [false, false, false, false],
    ])
    const y = attend(query, key, value, { attnMask })
    expect(y.slice(0, 1, 2).toArray()).to.deep.equal([[0, 0]])
    y.sum().backward()
    expect(query.grad?.slice(0, 1, 2).abs().toArray()).to.deep.equal([[0, 0, 0]])
    expect(value.grad?.slice(0, 1, 2).abs().toArray()).to.deep.equal([[0, 0]])
  })

  it('aligns the causal mask with the first query and the first key', () => {
    const value = tensor([[1], [2], [3]])
    const y = attend(zeros([2, 1]), zeros([3, 1]), value, { isCausal: true })
    expect(y.toArray()).to.deep.equal([[1], [1.5]])
  })

  const [query, key, value] = [ones([2, 2, 3, 4]), ones([2, 2, 5, 4]), ones([2, 2, 5, 6])]
  const rejected: [call: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => attend([1] as never, key, value), TypeError, 'expected query to be a tensor, got [1]'],
    [
      () => attend(query, key, ones([2, 2, 5, 6], { dtype: 'float64' })),
      TypeError,
      'expected value to be a float32 tensor, got a float64 tensor of shape [2,2,5,6]',
    ],
    [
      () => attend(ones([4]), key, value),
      RangeError,
      'expected query to be of 2 dimensions at least, got a float32 tensor of shape [4]',
    ],
    [
      () => attend(query, value, value),
      RangeError,
      'expected key to be of shape [...,S,4] as query is, got a float32 tensor of shape [2,2,5,6]',
    ],
    [() => attend(query, key, query), RangeError, 'expected value to be of shape [...,5,Ev] as key is'],
    [
      () => attend(ones([3, 3, 4]), key, value),
      RangeError,
      'expected shapes that broadcast together, got [3] and [2,2]',
    ],
    [
      () => attend(query, key, value, { attnMask: zeros([3, 5], { dtype: 'int32' }) }),
      TypeError,
      'expected attnMask to be a bool or float32 tensor, got an int32 tensor of shape [3,5]',
    ],
    [
      () => attend(query, key, value, { attnMask: zeros([3, 4]) }),
      RangeError,
      'expected attnMask to be of a shape that broadcasts to [2,2,3,5], got a float32 tensor of shape [3,4]',
    ],
    [
      () => attend(query, key, value, { attnMask: zeros([4, 1, 1, 3, 5]) }),
      RangeError,
      'expected attnMask to be of a shape that broadcasts to [2,2,3,5]',
    ],
    [
      () => attend(query, key, value, { attnMask: zeros([3, 5]), isCausal: true }),
      RangeError,
      'expected isCausal to be false where attnMask is given, got boolean true',
    ],
    [() => attend(query, key, value, { isCausal: 1 as never }), TypeError, 'expected isCausal to be a boolean'],
    [() => attend(query, key, value, { scale: '1' as never }), TypeError, 'expected scale to be a number, got "1"'],
    [() => attend(query, key, value, { attn_mask: key } as never), TypeError, 'did you mean attnMask?'],
    [
      () => attend(ones([3, 4]), key, value, { enableGqa: true }),
      RangeError,
      'expected query to be of 3 dimensions at least, got a float32 tensor of shape [3,4]',
    ],
    [
      () => attend(ones([2, 3, 3, 4]), key, value, { enableGqa: true }),
      RangeError,
      'expected key to be of a number of heads that divides the 3 of query, got a float32 tensor of shape [2,2,5,4]',
    ],
    [
      () => attend(ones([3, 4, 3, 4]), key, value, { enableGqa: true }),
      RangeError,
      'expected shapes that broadcast together, got [3] and [2]',
    ],
  ]
  for (const [call, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(call)
        .to.throw(type, message)
        .with.property('message')
        .that.matches(/^scaledDotProductAttention: /)
    })
  }
})
