import { expect } from 'chai'
import * as evenkeel from '../lib/index.js'
import { arange, cat, nn, ones, optim, Tensor, tensor } from '../lib/index.js'
import * as F from '../lib/nn/functional.js'

const { lrScheduler } = optim

/** An array whose first place holds nothing, which `forEach` and `every` pass over. */
function withHole<T>(item: T): T[] {
  const items: T[] = []
  items[1] = item
  return items
}

describe('holes in arrays are rejected by', () => {
  const leaf = new nn.Parameter(ones([1]))
  const sgd = new optim.SGD([{ params: [leaf] }, { params: [new nn.Parameter(ones([1]))] }], { momentum: 0.9 })
  const rejected: Record<string, [call: () => unknown, message: string]> = {
    cat: [() => cat(withHole(ones([1]))), 'cat: expected tensors[0] to be a tensor, got undefined'],
    optimizers: [() => new optim.Adam(withHole(leaf)), 'Adam: expected params to be an array of tensors'],
    groups: [() => new optim.SGD([{ params: withHole(leaf) }]), 'SGD: expected params[0] to be a tensor'],
    ModuleList: [() => new nn.ModuleList(withHole(new nn.ReLU())), 'expected modules[0] to be a module, got undefined'],
    'rates of groups': [
      () => new lrScheduler.OneCycleLR(sgd, withHole(1), { totalSteps: 3 }),
      'maxLr[0] to be a number',
    ],
    'functions of groups': [
      () =>
        new lrScheduler.LambdaLR(
          sgd,
          withHole(() => 1),
        ),
      'lrLambda[0] to be a function',
    ],
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

type Callable = (...args: unknown[]) => unknown
type Class = (abstract new (...args: never[]) => unknown) & { prototype: object }

/** What each export of a namespace is. */
function exportsOf(namespace: object): [string, Callable][] {
  return Object.entries(namespace).filter((entry): entry is [string, Callable] => typeof entry[1] === 'function')
}

function isClass(value: Callable): boolean {
  return String(value).startsWith('class')
}

/** The public methods of a class and of those above it, up to JavaScript's own. */
function methodsOf({ prototype }: Class): [string, Callable][] {
  const above: unknown = Object.getPrototypeOf(prototype)
  const inherited = above === Object.prototype ? [] : methodsOf((above as { constructor: Class }).constructor)
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .map(([name, { value }]): [string, unknown] => [name, value])
    .filter((entry): entry is [string, Callable] => typeof entry[1] === 'function' && entry[0] !== 'constructor')
  return [...inherited, ...own]
}

describe('an argument too many is rejected by', () => {
  const { utils, init } = nn
  const everything = [evenkeel, F, init, utils, nn, optim, lrScheduler].flatMap(exportsOf)
  const surplus = new Array<undefined>(9).fill(undefined)

  for (const [name, fn] of everything.filter(([, value]) => !isClass(value))) {
    // It only tells.
    if (name === 'backend') continue
    it(name, async () => {
      const result = new Promise((resolve) => {
        resolve(fn(...surplus))
      })
      expect(String(await result.catch((reason: unknown) => reason))).to.match(
        new RegExp(`^TypeError: ${name}: expected at most [0-4] arguments, got 9$`),
      )
    })
  }

  // Classes to derive from, and those that take as many modules or tensors as there are.
  const without = ['Module', 'Optimizer', 'LRScheduler', 'EpochLR', 'Sequential', 'TensorDataset']
  // What others call with arguments of their own, and what is protected or internal; one method always throws.
  const uncounted =
    'toString toJSON extraRepr update checkOptions stateShapes statesOf start optionsAt checkSettings giveBack keep withShape batchesAfter getState setState gather'
  const isCounted = (owner: string, name: string) =>
    !uncounted.split(' ').includes(name) && `${owner}.${name}` !== 'ModuleList.forward'

  const seen = new Set<Callable>()
  for (const [name, value] of everything.filter((entry) => isClass(entry[1]))) {
    const type = value as unknown as Class
    if (!without.includes(name)) {
      it(`new ${name}`, () => {
        const message = new RegExp(`^${name}: expected at most [0-4] arguments, got 9$`)
        expect(() => void Reflect.construct(type as never, surplus)).to.throw(TypeError, message)
      })
    }
    for (const [method, fn] of methodsOf(type)) {
      if (!isCounted(name, method) || seen.has(fn)) continue
      seen.add(fn)
      it(`${name}.${method}`, () => {
        const message = new RegExp(`\\b${method}: expected at most [0-4] arguments, got 9$`)
        expect(() => fn.apply(Object.create(type.prototype), surplus)).to.throw(TypeError, message)
      })
    }
  }

  it('arange, of two bounds or one', () => {
    expect(() => (arange as Callable)(3, {}, {})).to.throw(TypeError, 'arange: expected at most 2 arguments, got 3')
    expect(() => (arange as Callable)(0, 3, {}, {})).to.throw(TypeError, 'arange: expected at most 3 arguments, got 4')
  })

  it('step and zeroGrad, which change nothing then', () => {
    const leaf = new nn.Parameter(ones([1]))
    const sgd = new optim.SGD([leaf], { lr: 1 })
    leaf.sum().backward()
    for (const name of ['step', 'zeroGrad'] as const) {
      expect(() => void Reflect.apply(sgd[name].bind(sgd), undefined, [() => 1])).to.throw(TypeError, name)
    }
    expect([leaf.item(), leaf.grad?.item()]).to.deep.equal([1, 1])
  })
})

describe('a module of a user', () => {
  class Pair extends nn.Module {
    readonly fc: nn.Linear

    constructor(
      size: number,
      readonly label: string,
      readonly scale: number,
      readonly more: number,
    ) {
      super()
      this.fc = new nn.Linear(size, 1)
    }

    override forward(x: Tensor, y: Tensor, z: Tensor): Tensor {
      return this.fc.forward(x.add(y).add(z)).mul(this.scale)
    }

    override train(mode?: boolean, note?: string): this {
      return note === undefined ? super.train(mode) : this
    }
  }

  it('takes as many arguments as it likes', () => {
    const pair = new Pair(1, 'a', 2, 3).train(false, 'no')
    expect([pair.training, pair.forward(ones([1]), ones([1]), ones([1])).shape]).to.deep.equal([true, [1]])
  })
})
