import { inspect } from 'node:util'
import { expect } from 'chai'
import { nn, ones, randn, type Tensor, zeros } from '../../lib/index.js'

class Block extends nn.Module {
  layer_norm = new nn.LayerNorm(4)
  fc = new nn.Linear(4, 4, { bias: false })

  forward(x: Tensor): Tensor {
    return this.fc.forward(this.layer_norm.forward(x))
  }
}

class Model extends nn.Module {
  layer1 = new Block()
  scale = new nn.Parameter(ones([1]))
  head = new nn.Linear(4, 2)

  constructor() {
    super()
    this.registerBuffer('offset', zeros([2]))
  }

  forward(x: Tensor): Tensor {
    return this.head.forward(this.layer1.forward(x).mul(this.scale))
  }
}

const NAMES = [
  'scale',
  'layer1.layer_norm.weight',
  'layer1.layer_norm.bias',
  'layer1.fc.weight',
  'head.weight',
  'head.bias',
]

describe('Module', () => {
  it('finds parameters, buffers and modules by their paths, in order', () => {
    const model = new Model()
    expect(model.namedParameters().map(([name]) => name)).to.deep.equal(NAMES)
    expect(model.namedBuffers().map(([name]) => name)).to.deep.equal(['offset'])
    const modules = ['', 'layer1', 'layer1.layer_norm', 'layer1.fc', 'head']
    expect(model.namedModules().map(([name]) => name)).to.deep.equal(modules)
    expect([...model.stateDict().keys()]).to.deep.equal(NAMES.toSpliced(1, 0, 'offset'))
  })

  it('orders the state as PyTorch does: module by module, parameters before buffers', () => {
    const layers = new nn.Sequential(
      new nn.Linear(1, 2),
      new nn.BatchNorm1d(2),
      new nn.Linear(2, 3),
      new nn.BatchNorm1d(3),
    )
    const norm = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
    const under = (path: string, names: string[]) => names.map((name) => `${path}.${name}`)
    expect([...layers.stateDict().keys()]).to.deep.equal([
      '0.weight',
      '0.bias',
      ...under('1', norm),
      '2.weight',
      '2.bias',
      ...under('3', norm),
    ])
    class Nested extends nn.Module {
      block = new nn.Sequential(new nn.Linear(1, 2), new nn.BatchNorm1d(2))
      scale = new nn.Parameter(ones([1]))
      norm = new nn.BatchNorm1d(2)
      tied = this.norm

      constructor() {
        super()
        this.registerBuffer('seen', zeros([1]))
      }

      forward(x: Tensor): Tensor {
        return x
      }
    }
    const model = new Nested()
    const block = ['block.0.weight', 'block.0.bias', ...under('block.1', norm)]
    expect([...model.stateDict().keys()]).to.deep.equal([
      'scale',
      'seen',
      ...block,
      ...under('norm', norm),
      ...under('tied', norm),
    ])
    expect(model.namedParameters().map(([name]) => name)).to.deep.equal([
      'scale',
      ...block.slice(0, 4),
      'norm.weight',
      'norm.bias',
    ])
    expect(model.namedBuffers().map(([name]) => name)).to.deep.equal([
      'seen',
      ...block.slice(4),
      ...under('norm', norm.slice(2)),
    ])
  })

  it('counts what is shared once as a parameter, and under each name in the state', () => {
    const block = new Block()
    const model = new nn.Sequential(block, block)
    expect(model.parameters()).to.have.length(3)
    expect(model.stateDict().size).to.equal(6)
    expect(model.forward(randn([2, 4])).shape).to.deep.equal([2, 4])
  })

  it('keeps order beyond ten modules', () => {
    const model = new nn.Sequential(...Array.from({ length: 12 }, (_, i) => new nn.Linear(1, i + 1)))
    expect([...model].map((module) => module instanceof nn.Linear && module.outFeatures)).to.deep.equal(
      Array.from({ length: 12 }, (_, i) => i + 1),
    )
  })

  it('switches modes all the way down', () => {
    const model = new Model()
    model.eval()
    expect(model.namedModules().every(([, module]) => !module.training)).to.equal(true)
    expect(model.train()).to.equal(model)
    expect(model.head.training).to.equal(true)
  })

  it('applies a function from the leaves up', () => {
    const seen: string[] = []
    new Model().apply((module) => seen.push(module.constructor.name))
    expect(seen).to.deep.equal(['LayerNorm', 'Linear', 'Block', 'Linear', 'Model'])
  })

  it('forgets gradients', () => {
    const model = new Model()
    model
      .forward(randn([3, 4]))
      .sum()
      .backward()
    expect(model.parameters().every(({ grad }) => grad !== null)).to.equal(true)
    model.zeroGrad()
    expect(model.parameters().every(({ grad }) => grad === null)).to.equal(true)
  })

  it('loads what another one saved', () => {
    const [from, to] = [new Model(), new Model()]
    const kept = to.head.weight
    to.loadStateDict(from.stateDict())
    expect(to.head.weight).to.equal(kept)
    expect(kept.data).to.deep.equal(from.head.weight.data)
    expect(kept.data).to.not.equal(from.head.weight.data)
  })

  it('rejects a dict that does not fit, lists everything and changes nothing', () => {
    const model = new Model()
    const before = model.scale.toArray()
    const dict = new Map<string, Tensor>([
      ['scale', zeros([1])],
      ['head.weight', zeros([3])],
      ['stranger', zeros([1])],
    ])
    expect(() => {
      model.loadStateDict(dict)
    })
      .to.throw(RangeError)
      .with.property('message')
      .that.matches(/head\.weight should be float32 of shape \[2,4\], got float32 of \[3\]/)
      .and.matches(/missing offset, layer1\.layer_norm\.weight, .*head\.bias/)
      .and.matches(/unexpected stranger/)
    expect(model.scale.toArray()).to.deep.equal(before)
    dict.set('head.weight', zeros([2, 4]))
    model.loadStateDict(dict, { strict: false })
    expect(model.scale.toArray()).to.deep.equal([0])
    expect(() => {
      model.loadStateDict({} as never)
    }).to.throw(TypeError, 'loadStateDict: expected dict to be a map')
  })

  it('rejects values that are no tensors, or have lost their elements, before it changes anything', () => {
    const linear = new nn.Linear(1, 1)
    const before = linear.weight.item()
    const lost = zeros([1])
    structuredClone(lost.data, { transfer: [lost.data.buffer as ArrayBuffer] })
    for (const bias of [lost, undefined]) {
      const dict = new Map([
        ['weight', zeros([1, 1])],
        ['bias', bias],
      ]) as Map<string, Tensor>
      expect(() => {
        linear.loadStateDict(dict)
      }).to.throw(/dict entry bias has lost its elements|expected dict entry bias to be a tensor, got undefined/)
    }
    expect(linear.weight.item()).to.equal(before)
  })

  it('rejects buffers with names that cannot be, and modules below themselves', () => {
    const model = new Model()
    for (const name of ['__proto__', 'forward', 'a.b', '', 5]) {
      expect(() => {
        model.registerBuffer(name as string, zeros([1]))
      }, String(name)).to.throw(/registerBuffer: expected name/)
    }
    model.registerBuffer('offset', ones([2]))
    expect(model.namedBuffers()[0][1].toArray()).to.deep.equal([1, 1])
    Object.assign(model.head, { parent: model })
    expect(() => model.parameters()).to.throw(RangeError, 'Model: expected a tree, got a module below itself')
  })

  it('is printed as PyTorch prints it', () => {
    expect(inspect(new nn.ReLU())).to.equal('ReLU()')
  })

  it('rejects modules that are none', () => {
    expect(() => new nn.Sequential(3 as never)).to.throw(
      TypeError,
      'Sequential: expected argument 0 to be a module, got number 3',
    )
    expect(() => {
      new Model().registerBuffer('scale', zeros([1]))
    }).to.throw(RangeError, 'registerBuffer: expected name to be that of no property yet, got "scale"')
  })
})
