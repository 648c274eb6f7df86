import { expect } from 'chai'
import { nn, randn, type Tensor, tensor } from '../../lib/index.js'

const F = nn.functional

const x = randn([2, 3])

/** Each module with the function that it stands for. */
const layers: [module: nn.UnaryModule, expected: (input: Tensor) => Tensor][] = [
  [new nn.GELU(), (input) => F.gelu(input)],
  [new nn.GELU({ approximate: 'tanh' }), (input) => F.gelu(input, { approximate: 'tanh' })],
  [new nn.SiLU(), (input) => F.silu(input)],
  [new nn.Tanh(), (input) => input.tanh()],
  [new nn.Sigmoid(), (input) => input.sigmoid()],
  [new nn.Softmax(0), (input) => input.softmax(0)],
  [new nn.Softmax(-1), (input) => input.softmax(1)],
  [new nn.Identity(), (input) => input],
]

describe('modules of functions', () => {
  for (const [module, expected] of layers) {
    it(String(module), () => {
      expect(module.forward(x).data).to.deep.equal(expected(x).data)
      expect(module.stateDict().size).to.equal(0)
    })
  }

  it('Identity returns its input itself, of any type', () => {
    const integers = tensor([1, 2], { dtype: 'int32' })
    expect(new nn.Identity().forward(integers)).to.equal(integers)
  })
})

class Deep extends nn.Module {
  layers = new nn.ModuleList([new nn.Linear(3, 3), new nn.Linear(3, 2, { bias: false })])

  forward(input: Tensor): Tensor {
    let y = input
    for (const layer of this.layers) y = layer.forward(y)
    return y
  }
}

describe('ModuleList', () => {
  it('has its modules found, under their numbers', () => {
    const names = ['layers.0.weight', 'layers.0.bias', 'layers.1.weight']
    expect(new Deep().namedParameters().map(([name]) => name)).to.deep.equal(names)
    expect(new Deep().forward(x).shape).to.deep.equal([2, 2])
  })

  it('is indexed from both ends, iterated and appended to', () => {
    const [first, second, third] = [new nn.ReLU(), new nn.Tanh(), new nn.Identity()]
    const list = new nn.ModuleList<nn.Module>([first])
    expect(list.append(second).append(third)).to.equal(list)
    expect(list.length).to.equal(3)
    expect([...list]).to.deep.equal([first, second, third])
    expect([list.at(0), list.at(2), list.at(-1), list.at(-3)]).to.deep.equal([first, third, third, first])
    list.eval()
    expect(third.training).to.equal(false)
  })

  it('keeps a module that comes twice', () => {
    const shared = new nn.Linear(1, 1)
    const list = new nn.ModuleList([shared, shared]).append(shared)
    expect(list.length).to.equal(3)
    expect(list.parameters()).to.have.length(2)
  })
})

describe('Sequential', () => {
  it('is indexed and appended to, too', () => {
    const model = new nn.Sequential(new nn.Identity())
    expect(model.append(new nn.Tanh()).length).to.equal(2)
    expect(model.at(-1)).to.be.instanceOf(nn.Tanh)
    expect(model.forward(x).data).to.deep.equal(x.tanh().data)
  })
})

describe('modules reject', () => {
  const list = new nn.ModuleList([new nn.ReLU()])
  const rejected: [call: () => unknown, type: ErrorConstructor, message: string][] = [
    [() => new nn.GELU({ approximate: 'erf' as never }), RangeError, "GELU: expected approximate to be one of 'none'"],
    [() => new nn.Softmax(undefined as never), TypeError, 'Softmax: expected dim to be a number, got undefined'],
    [() => new nn.Softmax(0.5), RangeError, 'Softmax: expected dim to be an integer, got number 0.5'],
    [() => new nn.Softmax(2).forward(x), RangeError, 'softmax: expected dim of a tensor of shape [2,3]'],
    [() => new nn.Identity().forward(1 as never), TypeError, 'Identity: expected input to be a tensor, got number 1'],
    [
      () => new nn.ModuleList(new nn.ReLU() as never),
      TypeError,
      'ModuleList: expected modules to be an array of modules, got a ReLU',
    ],
    [() => new nn.ModuleList([1 as never]), TypeError, 'ModuleList: expected modules[0] to be a module, got number 1'],
    [() => list.append(1 as never), TypeError, 'append: expected module to be a module, got number 1'],
    [() => list.at(1), RangeError, 'at: expected index to be an integer from -1 to 0, got number 1'],
    [() => list.at(-2), RangeError, 'at: expected index to be an integer from -1 to 0, got number -2'],
    [() => list.forward(), Error, 'ModuleList: expected its modules to be called'],
  ]
  for (const [call, type, message] of rejected) {
    it(message, () => {
      expect(call).to.throw(type, message)
    })
  }
})
