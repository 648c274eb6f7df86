import { expect } from 'chai'
import { manualSeed, nn, ones, rand, randn, tensor } from '../../lib/index.js'
import { decode, type Encoded, readGolden, upstream } from '../golden.js'

const F = nn.functional

interface Call {
  case: nn.functional.DropoutOptions
  input: Encoded
  output: Encoded
  grad: Encoded
}

describe('dropout', () => {
  it('gives the bits that PyTorch gives, call after call', () => {
    const { seed, calls } = readGolden('dropout') as { seed: number; calls: Call[] }
    manualSeed(seed)
    for (const [i, { case: options, input, output, grad }] of calls.entries()) {
      const label = `call ${i}, ${JSON.stringify(options)}`
      const x = decode(input)
      x.requiresGrad = true
      const y = F.dropout(x, options)
      y.backward(upstream(y))
      expect(y.shape, label).to.deep.equal(output.shape)
      expect(y.data, label).to.deep.equal(decode(output).data)
      expect(x.grad?.data, label).to.deep.equal(decode(grad).data)
    }
  })

  it('returns its input where nothing is dropped, and draws nothing', () => {
    const x = randn([3])
    manualSeed(1)
    const expected = rand([1]).item()
    manualSeed(1)
    expect(F.dropout(x, { training: false })).to.equal(x)
    expect(F.dropout(x, { p: 0 })).to.equal(x)
    expect(F.dropout(x, { p: 1 }).toArray().toString()).to.match(/^-?0,-?0,-?0$/)
    expect(rand([1]).item()).to.equal(expected)
  })

  it('keeps NaN where PyTorch does', () => {
    const x = tensor([NaN, Infinity, 1])
    expect([...F.dropout(x, { p: 1 }).data]).to.deep.equal([NaN, NaN, 0])
  })

  it('is switched by the mode of the module', () => {
    const layer = new nn.Dropout({ p: 0.9 })
    const x = ones([100])
    expect(layer.forward(x).eq(0).sum().item()).to.be.above(50)
    expect(layer.eval().forward(x)).to.equal(x)
  })

  const rejected: [call: () => unknown, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => F.dropout(ones([2], { dtype: 'int32' })), TypeError, 'dropout: expected input to be a float32 tensor'],
    [
      () => F.dropout(ones([2]), 0.5 as never),
      TypeError,
      'dropout: expected options to be an object { p, training }, got number 0.5',
    ],
    [() => new nn.Dropout(0.5 as never), TypeError, 'Dropout: expected options to be an object { p }, got number 0.5'],
    [
      () => F.dropout(ones([2]), { p: 1.5, training: false }),
      RangeError,
      'dropout: expected p to be from 0 to 1, got number 1.5',
    ],
    [() => F.dropout(ones([2]), { p: NaN }), RangeError, 'dropout: expected p to be from 0 to 1, got number NaN'],
    [() => F.dropout(ones([2]), { training: 1 as never }), TypeError, 'dropout: expected training to be a boolean'],
    [() => new nn.Dropout({ p: -0.1 }), RangeError, 'Dropout: expected p to be from 0 to 1, got number -0.1'],
    [() => new nn.Dropout({ inplace: true } as never), TypeError, 'Dropout: unknown option inplace'],
  ]
  for (const [call, type, message] of rejected) {
    it(`rejects: ${message}`, () => {
      expect(call).to.throw(type, message)
    })
  }
})
