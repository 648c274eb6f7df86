import { expect } from 'chai'
import { cat, getRngState, manualSeed, nn, ones, optim, setRngState, Tensor, tensor, zeros } from '../lib/index.js'
import * as F from '../lib/nn/functional.js'

/** The tensor, after its buffer was transferred to somebody else. */
function lose<T extends Tensor>(t: T): T {
  structuredClone(t.data, { transfer: [t.data.buffer as ArrayBuffer] })
  return t
}

const parameter = (...values: number[]) => new nn.Parameter(tensor(values))
const t = lose(ones([3]))
const matrix = lose(ones([2, 2]))
const integers = lose(tensor([1, 0, 1], { dtype: 'int32' }))
const bools = lose(tensor([true, false, true]))
const x = ones([2, 2])

const rejected: [call: () => unknown, where: string][] = [
  [() => t.item(), 'item: the tensor'],
  [() => lose(ones([1])).item(), 'item: the tensor'],
  [() => t.toArray(), 'toArray: the tensor'],
  [() => JSON.stringify(t), 'toArray: the tensor'],
  [() => String(t), 'toString: the tensor'],
  [() => t.detach(), 'detach: the tensor'],
  [() => (ones([3]).grad = t), 'grad: the value'],
  [() => t.clone(), 'clone: input'],
  [() => t.reshape([3]), 'reshape: input'],
  [() => t.slice(0, 1, 3), 'slice: input'],
  [() => t.slice(0, 0, 1), 'slice: input'],
  [() => t.sum(), 'sum: input'],
  [() => t.max(), 'max: input'],
  [() => t.argmax(0), 'argmax: input'],
  [() => t.relu(), 'relu: input'],
  [() => ones([3]).mul(t), 'mul: other'],
  [() => integers.sum(), 'sum: input'],
  [() => integers.add(1), 'add: input'],
  [() => bools.eq(bools), 'eq: input'],
  [() => cat([ones([3]), t]), 'cat: tensors[1]'],
  [() => F.linear(x, x, lose(ones([2]))), 'linear: bias'],
  [() => F.crossEntropy(ones([3, 2]), integers), 'crossEntropy: target'],
  [() => F.embedding(integers, x), 'embedding: indices'],
  [
    () => F.scaledDotProductAttention(x, x, x, { attnMask: lose(ones([2, 2], { dtype: 'bool' })) }),
    'scaledDotProductAttention: attnMask',
  ],
  [() => new nn.Parameter(t), 'Parameter: data'],
  [() => nn.init.uniform(t), 'uniform: x'],
  [() => nn.init.normal(t), 'normal: x'],
  [() => nn.init.kaimingUniform(matrix), 'kaimingUniform: weight'],
  [() => setRngState(lose(getRngState())), 'setRngState: state'],
]

describe('a tensor whose buffer was transferred', () => {
  for (const [call, where] of rejected) {
    it(`is rejected by ${where}`, () => {
      expect(call).to.throw(RangeError, `${where} has lost its elements: its buffer was transferred or resized, or `)
    })
  }

  it('keeps its size, and describes itself in messages', () => {
    expect(t.size).to.equal(3)
    expect(t.shape).to.deep.equal([3])
  })

  it('is one whose buffer shrank or grew, too, until it has its length back', () => {
    // The types of ES2023 do not know it yet.
    const Resizable = ArrayBuffer as unknown as new (
      length: number,
      options: object,
    ) => ArrayBuffer & { resize(length: number): void }
    const buffer = new Resizable(12, { maxByteLength: 16 })
    const resized = new Tensor(new Float32Array(buffer), [3])
    for (const length of [8, 16]) {
      buffer.resize(length)
      expect(() => resized.add(1)).to.throw(RangeError, 'add: input has lost its elements')
    }
    buffer.resize(12)
    expect(resized.add(1).toArray()).to.deep.equal([1, 1, 1])
  })

  it('is rejected on the way back, where it is needed', () => {
    const leaf = parameter(1, 2)
    const largest = leaf.max()
    lose(leaf)
    expect(() => largest.backward()).to.throw(RangeError, 'max: input has lost its elements')
    expect(leaf.grad).to.equal(null)
  })

  it('is rejected as a grad that backward() would add to, before it adds to another', () => {
    const [a, b] = [parameter(1), parameter(2)]
    const loss = () => a.mul(b).sum()
    loss().backward()
    lose(b.grad as Tensor)
    expect(() => loss().backward()).to.throw(RangeError, 'backward: the grad of a leaf has lost its elements')
    expect(a.grad?.item()).to.equal(2)
  })

  it('is rejected as a grad by clipGradNorm, which scales none', () => {
    const [a, b] = [parameter(1), parameter(2)]
    a.mul(b).sum().backward()
    lose(b.grad as Tensor)
    expect(() => nn.utils.clipGradNorm([a, b], 0.5)).to.throw(
      RangeError,
      'clipGradNorm: params[1].grad has lost its elements',
    )
    expect(a.grad?.item()).to.equal(2)
  })

  it('is rejected as a target of loadStateDict, which changes none', () => {
    const linear = new nn.Linear(1, 1)
    const before = linear.weight.item()
    const dict = new Map([
      ['weight', zeros([1, 1])],
      ['bias', zeros([1])],
    ])
    lose(linear.bias as Tensor)
    expect(() => linear.loadStateDict(dict)).to.throw(RangeError, 'loadStateDict: Linear.bias has lost its elements')
    expect(linear.weight.item()).to.equal(before)
    expect(() => linear.stateDict()).to.throw(RangeError, 'stateDict: Linear.bias has lost its elements')
  })
})

describe('optimizers with several groups', () => {
  const kinds = {
    Adam: optim.Adam,
    AdamW: optim.AdamW,
    SGD: class SGD extends optim.SGD {
      constructor(groups: { params: Tensor[] }[]) {
        super(groups, { momentum: 0.9 })
      }
    },
  }
  const cases: [what: string, lost: (b: nn.Parameter, state: Map<string, Tensor>) => unknown, message: RegExp][] = [
    ['a tensor', (b) => lose(b), /paramGroups\[1\]\.params\[0\] has lost its elements/],
    ['a gradient', (b) => lose(b.grad as Tensor), /paramGroups\[1\]\.params\[0\]\.grad has lost its elements/],
    [
      'what is kept',
      (_, state) => {
        const kept = Object.fromEntries(state)
        lose(kept['state.1.expAvg'] ?? kept['state.1.momentumBuffer'])
      },
      /: (expAvg|momentumBuffer) of paramGroups\[1\]\.params\[0\] has lost its elements/,
    ],
  ]
  for (const [name, Kind] of Object.entries(kinds)) {
    for (const [what, lost, message] of cases) {
      it(`${name} changes nothing where ${what} of a later group has lost its elements`, () => {
        manualSeed(0)
        const [a, b] = [parameter(1), parameter(2)]
        const optimizer = new Kind([{ params: [a] }, { params: [b] }])
        a.mul(b).sum().backward()
        if (what === 'what is kept') optimizer.step()
        const [before, state] = [a.item(), optimizer.stateDict()]
        const counted = state.get('state.0.step')?.item()
        lost(b, state)
        expect(() => optimizer.step()).to.throw(RangeError, message)
        expect(a.item()).to.equal(before)
        expect(state.get('state.0.step')?.item()).to.equal(counted)
        if (what === 'a gradient') expect(optimizer.stateDict().has('state.0.step')).to.equal(false)
      })
    }
  }

  it('leave a tensor alone that has no gradient, whatever became of it', () => {
    const [a, b] = [parameter(1), parameter(2)]
    const optimizer = new optim.SGD([a, b], { lr: 1 })
    a.sum().backward()
    lose(b)
    optimizer.step()
    expect(a.item()).to.equal(0)
  })
})
