import { expect } from 'chai'
import { cat, nn, ones, optim, save, Tensor, tensor } from '../lib/index.js'
import * as F from '../lib/nn/functional.js'

/** An array whose first place holds nothing, which `forEach` and `every` pass over. */
function withHole<T>(item: T): T[] {
  const items: T[] = []
  items[1] = item
  return items
}

describe('holes in arrays are rejected by', () => {
  const leaf = new nn.Parameter(ones([1]))
  const rejected: Record<string, [call: () => unknown, message: string]> = {
    cat: [() => cat(withHole(ones([1]))), 'cat: expected tensors[0] to be a tensor, got undefined'],
    optimizers: [() => new optim.Adam(withHole(leaf)), 'Adam: expected params to be an array of tensors'],
    groups: [() => new optim.SGD([{ params: withHole(leaf) }]), 'SGD: expected params[0] to be a tensor'],
    ModuleList: [() => new nn.ModuleList(withHole(new nn.ReLU())), 'expected modules[0] to be a module, got undefined'],
    clipGradNorm: [() => nn.utils.clipGradNorm(withHole(leaf), 1), 'expected params[0] to be a tensor, got undefined'],
  }
  for (const [name, [call, message]] of Object.entries(rejected)) {
    it(name, () => {
      expect(call).to.throw(TypeError, message)
    })
  }
})

describe('an object with the prototype of tensors alone', () => {
  it('is no tensor', () => {
    const fake = Object.create(Tensor.prototype) as Tensor<'float32'>
    expect(() => F.relu(fake)).to.throw(TypeError, 'relu: expected input to be a tensor, got a Tensor')
    expect(() => ones([1]).add(fake)).to.throw(TypeError, 'add: expected other to be a tensor')
    expect(() => (ones([1]).grad = fake)).to.throw(TypeError, 'grad: expected the value to be')
  })
})

describe('bytes of booleans', () => {
  it('are 0 or 1 for the constructor, and made so by tensor()', () => {
    const bytes = Uint8Array.of(0, 2, 255)
    expect(() => new Tensor(bytes, [3])).to.throw(
      RangeError,
      'Tensor: expected every element of data to be 0 or 1, got number 2',
    )
    expect(tensor(bytes, { dtype: 'bool' }).sum().item()).to.equal(2)
  })
})

describe('an argument too many is rejected by', () => {
  const leaf = new nn.Parameter(ones([1]))
  const sgd = new optim.SGD([leaf], { lr: 1 })
  const extra = { inplace: true } as never
  const rejected: Record<string, [call: () => unknown, message: string]> = {
    step: [() => sgd.step(1 as never), 'SGD.step: expected at most 0 arguments, got 1'],
    'step, as a closure': [() => sgd.step((() => 1) as never), 'SGD.step: closures are not supported'],
    'zeroGrad of optimizers': [() => sgd.zeroGrad(extra), 'zeroGrad: expected at most 0 arguments, got 1'],
    'zeroGrad of modules': [() => new nn.ReLU().zeroGrad(extra), 'zeroGrad: expected at most 0 arguments, got 1'],
    ReLU: [() => new nn.ReLU(extra), 'ReLU: expected at most 0 arguments, got 1'],
    SiLU: [() => new nn.SiLU(extra), 'SiLU: expected at most 0 arguments, got 1'],
    Tanh: [() => new nn.Tanh(extra), 'Tanh: expected at most 0 arguments, got 1'],
    Sigmoid: [() => new nn.Sigmoid(extra), 'Sigmoid: expected at most 0 arguments, got 1'],
  }
  for (const [name, [call, message]] of Object.entries(rejected)) {
    it(name, () => {
      leaf.sum().backward()
      expect(call).to.throw(TypeError, message)
      expect([leaf.item(), leaf.grad === null]).to.deep.equal([1, false])
    })
  }

  it('save', async () => {
    const error = await save('/nowhere', new Map(), extra).catch((reason: unknown) => reason)
    expect(String(error)).to.equal('TypeError: save: expected at most 2 arguments, got 3')
  })
})
