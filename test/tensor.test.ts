import { inspect } from 'node:util'
import { expect } from 'chai'
import { arange, full, manualSeed, ones, rand, randint, randn, randperm, Tensor, tensor, zeros } from '../lib/index.js'

function cyclic(): never[] {
  const array: never[] = []
  array.push(array as never)
  return array
}

describe('tensor', () => {
  it('takes numbers, nested arrays and booleans', () => {
    expect(tensor(3).shape).to.deep.equal([])
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).to.deep.equal([2, 3])
    expect(tensor([[], []]).shape).to.deep.equal([2, 0])
    expect(tensor([true, false]).dtype).to.equal('bool')
    expect(tensor([true, false]).toArray()).to.deep.equal([true, false])
    expect(tensor([3, 1, 2], { dtype: 'int32' }).data).to.deep.equal(Int32Array.of(3, 1, 2))
    expect(tensor(1.1).item()).to.equal(Math.fround(1.1))
    expect(tensor(1.1, { dtype: 'float64' }).item()).to.equal(1.1)
  })

  it('takes a typed array of its dtype over, and copies others', () => {
    const floats = new Float32Array(6)
    const x = tensor(floats, { shape: [2, 3] })
    expect(x.data).to.equal(floats)
    expect(x.shape).to.deep.equal([2, 3])
    const integers = Int32Array.of(1, 2)
    expect(tensor(integers).data).to.equal(integers)
    expect(tensor(Float64Array.of(0.1)).dtype).to.equal('float32')
    expect(tensor(Uint8Array.of(255)).toArray()).to.deep.equal([255])
    expect(tensor(Uint8Array.of(2, 0), { dtype: 'bool' }).toArray()).to.deep.equal([true, false])
  })

  it('reads elements back', () => {
    expect(arange(6).reshape([2, 3]).toArray()).to.deep.equal([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(tensor(5).toArray()).to.equal(5)
    expect(zeros([2, 0]).toArray()).to.deep.equal([[], []])
    expect(tensor([[7]]).item()).to.equal(7)
    expect(() => ones([2]).item()).to.throw(RangeError, 'item: expected the tensor to be of exactly one element')
  })

  it('shares elements with reshape, flatten and detach, not with clone', () => {
    const x = zeros([2, 3])
    for (const y of [x.reshape([3, 2]), x.flatten(), x.detach()]) expect(y.data).to.equal(x.data)
    expect(x.clone().data).to.not.equal(x.data)
  })

  it('of no elements takes every shape with a 0, and -1 where nothing else fits', () => {
    const x = zeros([0, 3])
    for (const shape of [[0], [5, 0], [0, 0, 7]]) expect(x.reshape(shape).shape).to.deep.equal(shape)
    expect(x.reshape([-1]).shape).to.deep.equal([0])
    expect(x.reshape([-1, 3]).shape).to.deep.equal([0, 3])
    expect(x.reshape([2, -1]).shape).to.deep.equal([2, 0])
  })

  it('is printed with its values, and made into JSON', () => {
    expect(inspect(tensor([1, 2]))).to.equal('tensor([1., 2.])')
    expect(JSON.stringify({ x: tensor([[1], [2]]) })).to.equal('{"x":[[1],[2]]}')
    expect(String(zeros([50_000_000], { dtype: 'bool' }))).to.equal(
      'tensor([False, False, False,  ..., False, False, False])',
    )
  })

  it('takes null or a tensor like itself as its gradient', () => {
    const x = ones([2])
    x.grad = ones([2])
    x.grad = undefined
    expect(x.grad).to.equal(null)
    const rejected = (bad: unknown, type: typeof TypeError | typeof RangeError, message: string) => {
      expect(() => {
        x.grad = bad as never
      }).to.throw(type, `grad: expected the value to be ${message}`)
      expect(x.grad).to.equal(null)
    }
    rejected(1, TypeError, 'a float32 tensor, got number 1')
    rejected(ones([2], { dtype: 'float64' }), TypeError, 'a float32 tensor, got a float64 tensor of shape [2]')
    rejected(ones([3], { dtype: 'float64' }), TypeError, 'a float32 tensor, got a float64 tensor of shape [3]')
    rejected(ones([2, 1]), RangeError, 'of shape [2], got a float32 tensor of shape [2,1]')
  })

  it('cannot have its shape changed', () => {
    const shape = [2, 3]
    const x = new Tensor(new Float32Array(6), shape)
    shape[0] = 1000
    expect(x.shape).to.deep.equal([2, 3])
    expect(() => {
      ;(x.shape as number[])[0] = 1000
    }).to.throw(TypeError)
    expect(() => {
      Object.assign(x, { shape: [1000] })
    }).to.throw(TypeError)
  })

  const rejected: [label: string, make: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] =
    [
      ['ragged rows', () => tensor([[1, 2], [3]]), RangeError, 'even shape [2,2], got an array of 1'],
      ['a number among arrays', () => tensor([[1], 2] as never), RangeError, 'got number 2'],
      ['an array among numbers', () => tensor([1, [2]] as never), RangeError, 'got an array of 1'],
      ['strings', () => tensor(['1'] as never), TypeError, 'expected every element to be a number, got "1"'],
      [
        'mixed kinds',
        () => tensor([true, 1] as never),
        TypeError,
        'expected every element to be a boolean, got number 1',
      ],
      [
        'arrays that hold themselves',
        () => tensor(cyclic()),
        RangeError,
        'tensor: expected data to be nested at most 16 deep',
      ],
      [
        'too many dimensions',
        () => zeros(new Array(17).fill(1)),
        RangeError,
        'zeros: expected shape to be of at most 16 dimensions',
      ],
      [
        'a bare constructor with negative lengths',
        () => new Tensor(new Float32Array(6), [-2, -3]),
        RangeError,
        'Tensor: expected every length of shape to be an integer of at least 0, got number -2',
      ],
      ['bigint arrays', () => tensor(new BigInt64Array(2) as never), TypeError, 'got a BigInt64Array of 2 elements'],
      ['a DataView', () => tensor(new DataView(new ArrayBuffer(3)) as never), TypeError, 'got a DataView of 3 bytes'],
      ['more dimensions than 16', () => zeros(new Array<number>(17).fill(1)), RangeError, 'got an array of length 17'],
      ['a shape of shapes', () => zeros([2, [3]] as never), TypeError, 'every length of shape to be a number, got [3]'],
      ['nothing', () => tensor(undefined as never), TypeError, 'got undefined'],
      [
        'a shape that does not fit',
        () => tensor([1, 2], { shape: [3] }),
        RangeError,
        'of the 2 elements of data, got [3]',
      ],
      ['an unknown dtype', () => tensor([1], { dtype: 'float16' as never }), RangeError, "one of 'float32'"],
      [
        'a misspelled option',
        () => tensor([1], { requires_grad: true } as never),
        TypeError,
        'did you mean requiresGrad?',
      ],
      ['int32 overflow', () => tensor([2 ** 31], { dtype: 'int32' }), RangeError, 'within the range of an int32'],
      [
        'negative lengths',
        () => zeros([-1]),
        RangeError,
        'zeros: expected every length of shape to be an integer of at least 0, got number -1',
      ],
      ['fractions', () => ones([1.5]), RangeError, 'got number 1.5'],
      [
        'numbers as shapes',
        () => zeros(3 as never),
        TypeError,
        'zeros: expected shape to be an array of integers, as [2,3], got number 3',
      ],
      [
        'lengths as arguments',
        () => zeros(2 as never, 3 as never),
        TypeError,
        'zeros: expected shape to be an array of integers, as [2,3], got number 2',
      ],
      [
        'lengths as arguments of random numbers',
        () => randn(2 as never, 3 as never),
        TypeError,
        'randn: expected shape to be an array of integers, as [2,3], got number 2',
      ],
      [
        'a number for options',
        () => zeros([2], 3 as never),
        TypeError,
        'zeros: expected options to be an object { dtype, requiresGrad }, got number 3',
      ],
      ['huge shapes', () => zeros([2 ** 16, 2 ** 16]), RangeError, 'of at most 2147483647 elements'],
      [
        'huge shapes hidden by a zero',
        () => zeros([2 ** 40, 2 ** 40, 0]),
        RangeError,
        'of at most 2147483647 elements',
      ],
      [
        'a bare constructor with the wrong shape',
        () => new Tensor(new Float32Array(2), [3]),
        RangeError,
        'of 3 elements',
      ],
      ['a bare constructor without an array', () => new Tensor([1] as never, [1]), TypeError, 'a typed array'],
    ]
  for (const [label, make, type, message] of rejected) {
    it(`rejects ${label}`, () => {
      expect(make).to.throw(type, message)
    })
  }
})

describe('factories', () => {
  it('fill', () => {
    expect(zeros([2]).toArray()).to.deep.equal([0, 0])
    expect(ones([2], { dtype: 'int32' }).data).to.deep.equal(Int32Array.of(1, 1))
    expect(full([2, 1], 0.5).toArray()).to.deep.equal([[0.5], [0.5]])
    expect(full([2], true).toArray()).to.deep.equal([true, true])
    expect(full([2], true, { dtype: 'int32' }).data).to.deep.equal(Int32Array.of(1, 1))
    expect(() => full([2], '1' as never)).to.throw(TypeError, 'full: expected value to be a number, got "1"')
    expect(zeros([1], { requiresGrad: true }).requiresGrad).to.equal(true)
  })

  it('count', () => {
    expect(arange(3).toArray()).to.deep.equal([0, 1, 2])
    expect(arange(1, 2, { step: 0.25 }).toArray()).to.deep.equal([1, 1.25, 1.5, 1.75])
    expect(arange(3, 0, { step: -2, dtype: 'int32' }).data).to.deep.equal(Int32Array.of(3, 1))
    expect(arange(0).shape).to.deep.equal([0])
    expect(arange(1, 1, { step: -1 }).shape).to.deep.equal([0])
    expect(arange(0.1, -7.9, { step: -4, dtype: 'int32' }).data).to.deep.equal(Int32Array.of(0, -4))
    expect(arange(3, { dtype: 'bool' }).toArray()).to.deep.equal([false, true, true])
    expect(() => arange(0, 3, { step: -1 })).to.throw(RangeError, 'arange: expected step')
    expect(() => arange(0, -1, { step: 2 })).to.throw(RangeError, 'arange: expected step')
    expect(() => arange(Infinity)).to.throw(RangeError, 'finite')
  })

  it('draw what PyTorch draws', () => {
    manualSeed(42)
    expect(randn([5]).toArray()).to.deep.equal([
      0.33669036626815796, 0.12880940735340118, 0.23446236550807953, 0.23033303022384644, -1.1228563785552979,
    ])
    expect(randn([3]).toArray()).to.deep.equal([-0.18632829189300537, 2.2082014083862305, -0.637997031211853])
    expect(rand([3]).toArray()).to.deep.equal([0.8854429125785828, 0.5739044547080994, 0.2665800452232361])
    expect(randint(0, 10, [8]).toArray()).to.deep.equal([6, 9, 6, 3, 1, 9, 3, 1])
    expect(randperm(8).toArray()).to.deep.equal([1, 3, 0, 5, 4, 6, 7, 2])
  })

  it('reject impossible draws', () => {
    expect(() => randint(3, 3, [1])).to.throw(
      RangeError,
      'randint: expected high to be greater than low (3), got number 3',
    )
    expect(() => randperm(-1)).to.throw(RangeError, 'randperm: expected n')
    expect(() => {
      manualSeed(1.5)
    }).to.throw(RangeError, 'manualSeed: expected seed to be an integer')
    expect(() => {
      manualSeed('42' as never)
    }).to.throw(TypeError, 'manualSeed: expected seed to be an integer, got "42"')
  })
})
