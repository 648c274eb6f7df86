import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as evenkeel from '../../lib/index.js'
import * as functional from '../../lib/nn/functional.js'

const { cat, nn, ones, optim, tensor } = evenkeel

interface Row {
  readonly name: string
  readonly options: readonly string[]
}

const spans = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, text]) => text)

/** The tables' columns `evenkeel` and `options`, a row for each name. */
function readRows(): Row[] {
  const page = readFileSync('docs/parity.md', 'utf8')
  const [tables] = page.split("\n## PyTorch's own samples")
  const lines = tables.split('\n').filter((line) => line.startsWith('|') && !/^\| (PyTorch |-)/.test(line))
  return lines.flatMap((line) => {
    const [, , names, options] = line.split('|')
    return spans(names).map((name) => ({ name, options: spans(options) }))
  })
}

/** Objects of the classes, which have the properties and methods that the classes themselves do not show. */
const parameter = () => ones([1], { requiresGrad: true })
const optimizer = new optim.SGD([parameter()], { momentum: 0.9 })
const scheduler = new optim.lrScheduler.StepLR(optimizer, 1)
const objects = new Map<unknown, object>([
  [evenkeel.DataLoader, new evenkeel.DataLoader([1])],
  [evenkeel.TensorDataset, new evenkeel.TensorDataset(tensor([1]))],
  [evenkeel.Tensor, tensor(1)],
  [nn.Module, new nn.ReLU()],
  [optim.Optimizer, optimizer],
  [optim.lrScheduler.LRScheduler, scheduler],
  [optim.lrScheduler.EpochLR, scheduler],
])

function has(name: string): boolean {
  let value: unknown = evenkeel
  for (const key of name.split('.')) {
    const owner = objects.get(value) ?? (value as object)
    if (!(key in owner)) return false
    value = owner[key as keyof typeof owner]
  }
  return true
}

/** The functions and classes that a namespace exports, and the namespaces below it. */
function exportsOf(namespace: object, path = ''): string[] {
  return Object.entries(namespace).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? exportsOf(value, `${path}${key}.`) : [`${path}${key}`],
  )
}

/** The public methods and accessors of a class. */
function membersOf(path: string, { prototype }: { prototype: object }): string[] {
  const hidden = [
    'constructor',
    'withShape',
    'gather',
    'knownLength',
    'batchesAfter',
    'getState',
    'setState',
    'giveBack',
    'gradient',
    'elements',
    'storage',
    'isLost',
    'keep',
    'statesOf',
    'start',
    'checkSettings',
  ]
  return Object.getOwnPropertyNames(prototype).flatMap((key) => (hidden.includes(key) ? [] : [`${path}.${key}`]))
}

const bogus = { bogus: 1 } as never
const matrix = ones([2, 2])
const classes = tensor(Int32Array.of(0, 1))

/** A call of everything that takes options, with one that does not exist: the error lists those that do. */
const calls: Record<string, () => unknown> = {
  tensor: () => tensor([1], bogus),
  zeros: () => evenkeel.zeros([1], bogus),
  ones: () => ones([1], bogus),
  full: () => evenkeel.full([1], 1, bogus),
  arange: () => evenkeel.arange(1, bogus),
  rand: () => evenkeel.rand([1], bogus),
  randn: () => evenkeel.randn([1], bogus),
  cat: () => cat([matrix], bogus),
  DataLoader: () => new evenkeel.DataLoader([1], bogus),
  compile: () => evenkeel.compile(() => undefined, bogus),
  fit: () => evenkeel.fit(new nn.ReLU(), bogus),
  'Tensor.sum': () => matrix.sum(0, bogus),
  'Tensor.mean': () => matrix.mean(0, bogus),
  'Tensor.var': () => matrix.var(0, bogus),
  'Tensor.std': () => matrix.std(0, bogus),
  'Tensor.max': () => matrix.max(0, bogus),
  'Tensor.min': () => matrix.min(0, bogus),
  'Tensor.argmax': () => matrix.argmax(0, bogus),
  'Tensor.backward': () => parameter().backward(undefined, bogus),
  'nn.Module.loadStateDict': () => new nn.ReLU().loadStateDict(new Map(), bogus),
  'nn.Parameter': () => new nn.Parameter(matrix, bogus),
  'nn.LayerNorm': () => new nn.LayerNorm(2, bogus),
  'nn.RMSNorm': () => new nn.RMSNorm(2, bogus),
  'nn.BatchNorm1d': () => new nn.BatchNorm1d(2, bogus),
  'nn.GroupNorm': () => new nn.GroupNorm(1, 2, bogus),
  'nn.Linear': () => new nn.Linear(2, 2, bogus),
  'nn.Embedding': () => new nn.Embedding(2, 2, bogus),
  'nn.Dropout': () => new nn.Dropout(bogus),
  'nn.GELU': () => new nn.GELU(bogus),
  'nn.CrossEntropyLoss': () => new nn.CrossEntropyLoss(bogus),
  'nn.NLLLoss': () => new nn.NLLLoss(bogus),
  'nn.MSELoss': () => new nn.MSELoss(bogus),
  'nn.BCEWithLogitsLoss': () => new nn.BCEWithLogitsLoss(bogus),
  'nn.init.kaimingUniform': () => nn.init.kaimingUniform(matrix, bogus),
  'nn.functional.batchNorm': () => functional.batchNorm(matrix, ones([2]), ones([2]), bogus),
  'nn.functional.binaryCrossEntropyWithLogits': () => functional.binaryCrossEntropyWithLogits(matrix, matrix, bogus),
  'nn.functional.crossEntropy': () => functional.crossEntropy(matrix, matrix, bogus),
  'nn.functional.dropout': () => functional.dropout(matrix, bogus),
  'nn.functional.embedding': () => functional.embedding(classes, matrix, bogus),
  'nn.functional.gelu': () => functional.gelu(matrix, bogus),
  'nn.functional.groupNorm': () => functional.groupNorm(matrix, 1, bogus),
  'nn.functional.layerNorm': () => functional.layerNorm(matrix, 2, bogus),
  'nn.functional.mseLoss': () => functional.mseLoss(matrix, matrix, bogus),
  'nn.functional.nllLoss': () => functional.nllLoss(matrix, classes, bogus),
  'nn.functional.rmsNorm': () => functional.rmsNorm(matrix, 2, bogus),
  'nn.functional.scaledDotProductAttention': () => functional.scaledDotProductAttention(matrix, matrix, matrix, bogus),
  'nn.utils.clipGradNorm': () => nn.utils.clipGradNorm([], 1, bogus),
  'optim.Adam': () => new optim.Adam([parameter()], bogus),
  'optim.AdamW': () => new optim.AdamW([parameter()], bogus),
  'optim.SGD': () => new optim.SGD([parameter()], bogus),
  'optim.lrScheduler.StepLR': () => new optim.lrScheduler.StepLR(optimizer, 1, bogus),
  'optim.lrScheduler.ExponentialLR': () => new optim.lrScheduler.ExponentialLR(optimizer, 1, bogus),
  'optim.lrScheduler.CosineAnnealingLR': () => new optim.lrScheduler.CosineAnnealingLR(optimizer, 1, bogus),
  'optim.lrScheduler.LinearLR': () => new optim.lrScheduler.LinearLR(optimizer, bogus),
  'optim.lrScheduler.LambdaLR': () => new optim.lrScheduler.LambdaLR(optimizer, () => 1, bogus),
  'optim.lrScheduler.OneCycleLR': () => new optim.lrScheduler.OneCycleLR(optimizer, 1, bogus),
  'optim.lrScheduler.ReduceLROnPlateau': () => new optim.lrScheduler.ReduceLROnPlateau(optimizer, bogus),
}

async function knownOptions(call: () => unknown): Promise<string[]> {
  try {
    await call()
  } catch (error) {
    const [, known] = /\(known: (.*?)\)/.exec(String(error)) ?? []
    return known?.split(', ').toSorted() ?? [String(error)]
  }
  return ['no error']
}

describe('docs/parity.md', () => {
  const rows = readRows()
  const names = rows.map(({ name }) => name)

  it('names only what there is', () => {
    expect(names).not.to.be.empty
    expect(names.filter((name) => !has(name))).to.deep.equal([])
  })

  it('names everything that is exported', () => {
    const exported = [
      ...exportsOf(evenkeel),
      ...exportsOf({ functional }, 'nn.'),
      ...membersOf('DataLoader', evenkeel.DataLoader),
      ...membersOf('TensorDataset', evenkeel.TensorDataset),
      ...membersOf('Tensor', evenkeel.Tensor),
      ...membersOf('nn.Module', nn.Module),
      ...membersOf('optim.Optimizer', optim.Optimizer),
      ...membersOf('optim.lrScheduler.LRScheduler', optim.lrScheduler.LRScheduler),
      ...membersOf('optim.lrScheduler.EpochLR', optim.lrScheduler.EpochLR),
    ]
    expect(exported.filter((name) => !names.includes(name))).to.deep.equal([])
  })

  it('lists the options that there are, all of them', async () => {
    const withOptions = rows.filter(({ options }) => options.length > 0)
    const listed = Object.fromEntries(withOptions.map(({ name, options }) => [name, options.toSorted()]))
    const known: Record<string, string[]> = {}
    for (const [name, call] of Object.entries(calls)) known[name] = await knownOptions(call)
    expect(listed).to.deep.equal(known)
  })
})
