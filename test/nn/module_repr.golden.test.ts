import { expect } from 'chai'
import { nn, ones, type Tensor } from '../../lib/index.js'
import { readGolden } from '../golden.js'

class Block extends nn.Module {
  layer_norm: nn.LayerNorm
  fc: nn.Linear
  relu = new nn.ReLU()

  constructor(size: number) {
    super()
    this.layer_norm = new nn.LayerNorm(size)
    this.fc = new nn.Linear(size, size, { bias: false })
  }

  forward(x: Tensor): Tensor {
    return this.relu.forward(this.fc.forward(this.layer_norm.forward(x)))
  }
}

class Described extends nn.Module {
  readonly #text: string
  child0: nn.Module | undefined
  child1: nn.Module | undefined

  constructor(text: string, child0?: nn.Module, child1?: nn.Module) {
    super()
    this.#text = text
    this.child0 = child0
    this.child1 = child1
  }

  forward(x: Tensor): Tensor {
    return x
  }

  override extraRepr(): string {
    return this.#text
  }
}

class Model extends nn.Module {
  layer1 = new Block(4)
  body = new nn.Sequential(new Block(3), new nn.Sequential(new nn.ReLU()), new nn.Linear(3, 10))
  scale = new nn.Parameter(ones([2]))
  criterion = new nn.CrossEntropyLoss()

  forward(x: Tensor): Tensor {
    return this.body.forward(x)
  }
}

class Empty extends nn.Module {
  forward(x: Tensor): Tensor {
    return x
  }
}

/** The modules that golden/record_print.py prints, under its names for them. */
const modules: Record<string, () => nn.Module> = {
  linear: () => new nn.Linear(128, 10),
  'linear without bias': () => new nn.Linear(3, 1, { bias: false }),
  layerNorm: () => new nn.LayerNorm(128),
  'layerNorm of two dimensions': () => new nn.LayerNorm([2, 3], { eps: 1e-6 }),
  'layerNorm without bias': () => new nn.LayerNorm([5], { eps: 0.001, bias: false }),
  'layerNorm without weight': () => new nn.LayerNorm(5, { eps: 1, elementwiseAffine: false }),
  'layerNorm, eps 1.5e-10': () => new nn.LayerNorm(5, { eps: 1.5e-10 }),
  'layerNorm, infinite eps': () => new nn.LayerNorm(5, { eps: Infinity }),
  dropout: () => new nn.Dropout(),
  'dropout of a quarter': () => new nn.Dropout({ p: 0.25 }),
  embedding: () => new nn.Embedding(5, 3),
  'embedding with padding': () => new nn.Embedding(5, 3, { paddingIdx: -1 }),
  rmsNorm: () => new nn.RMSNorm(128),
  'rmsNorm of two dimensions': () => new nn.RMSNorm([2, 3], { eps: 1e-6 }),
  'rmsNorm without weight': () => new nn.RMSNorm(5, { elementwiseAffine: false }),
  batchNorm1d: () => new nn.BatchNorm1d(64),
  'batchNorm1d, average': () => new nn.BatchNorm1d(3, { eps: 0.001, momentum: null }),
  'batchNorm1d, infinite momentum': () => new nn.BatchNorm1d(3, { momentum: -Infinity }),
  'batchNorm1d, momentum NaN': () => new nn.BatchNorm1d(3, { momentum: NaN }),
  'batchNorm1d without weight': () => new nn.BatchNorm1d(3, { momentum: 0.25, affine: false }),
  'batchNorm1d without bias': () => new nn.BatchNorm1d(3, { bias: false }),
  'batchNorm1d without running statistics': () => new nn.BatchNorm1d(3, { trackRunningStats: false }),
  groupNorm: () => new nn.GroupNorm(2, 6),
  'groupNorm without weight': () => new nn.GroupNorm(3, 6, { eps: 1e-6, affine: false }),
  'groupNorm without bias': () => new nn.GroupNorm(3, 6, { bias: false }),
  relu: () => new nn.ReLU(),
  gelu: () => new nn.GELU(),
  'gelu, tanh': () => new nn.GELU({ approximate: 'tanh' }),
  silu: () => new nn.SiLU(),
  tanh: () => new nn.Tanh(),
  sigmoid: () => new nn.Sigmoid(),
  softmax: () => new nn.Softmax(-1),
  identity: () => new nn.Identity(),
  crossEntropyLoss: () => new nn.CrossEntropyLoss({ weight: ones([3]), labelSmoothing: 0.1 }),
  nllLoss: () => new nn.NLLLoss({ weight: ones([3]) }),
  mseLoss: () => new nn.MSELoss({ reduction: 'sum' }),
  bceWithLogitsLoss: () => new nn.BCEWithLogitsLoss({ posWeight: ones([3]) }),
  sequential: () => new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1)),
  'empty sequential': () => new nn.Sequential(),
  'sequential of equals': () => new nn.Sequential(new nn.ReLU(), new nn.ReLU()),
  'empty moduleList': () => new nn.ModuleList(),
  'moduleList of one': () => new nn.ModuleList([new nn.Tanh()]),
  moduleList: () => new nn.ModuleList([2, 2, 3, 2].map((n) => new nn.Linear(2, n))),
  'moduleList of twelve': () =>
    new nn.ModuleList(Array.from({ length: 12 }, (_, i) => new nn.Linear(i < 11 ? 1 : 2, 1))),
  'moduleList of trees': () => new nn.ModuleList([1, 2].map(() => new nn.Sequential(new nn.ReLU(), new nn.Tanh()))),
  'moduleList of moduleLists': () =>
    new nn.ModuleList([2, 1].map((n) => new nn.ModuleList(Array.from({ length: n }, () => new nn.ReLU())))),
  'sequential with a moduleList': () =>
    new nn.Sequential(new nn.ModuleList([new nn.ReLU(), new nn.ReLU()]), new nn.Identity()),
  block: () => new Block(4),
  model: () => new Model(),
  empty: () => new Empty(),
  described: () => new Described('k=1'),
  'described in two lines': () => new Described('k=1\nl=2'),
  'described, with a child': () => new Described('k=1', new nn.ReLU()),
  'described in two lines, with children': () => new Described('k=1\nl=2', new Block(2), new nn.ReLU()),
}

describe('toString of a module prints what PyTorch prints:', () => {
  const golden = readGolden('print') as { modules: Record<string, string> }
  for (const [name, text] of Object.entries(golden.modules)) {
    it(name, () => {
      expect(String(modules[name]())).to.equal(text)
    })
  }
})
