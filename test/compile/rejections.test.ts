import { expect } from 'chai'
import {
  compile,
  getRngState,
  manualSeed,
  nn,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  zeros,
} from '../../lib/index.js'
import { batches, state, training } from './support.js'

describe('compile rejects', () => {
  const rejected: Record<string, [() => unknown, string]> = {
    'what is no function': [() => compile(1 as never), 'compile: expected fn to be a function, got number 1'],
    'an input that is no tensor': [
      () => compile((x: Tensor) => x)('1' as never),
      'compile: expected argument 1 to be a tensor, got "1"',
    ],
    'an input that wants a gradient': [
      () => compile((x: Tensor) => x)(new nn.Parameter(zeros([1]))),
      'compile: expected argument 1 to be a tensor without requiresGrad, got a float32 tensor of shape [1]',
    ],
    'a result that is no tensor': [
      () => compile(((x: Tensor) => x.size) as never)(zeros([1])),
      'compile: expected what fn returns to be a tensor, tensors or nothing, got number 1',
    ],
    'a promise': [
      () => compile((async (x: Tensor) => Promise.resolve(x)) as never)(zeros([1])),
      'compile: expected what fn returns to be a tensor, tensors or nothing, got a Promise',
    ],
    'values that are read': [() => compile((x: Tensor) => [x.data] as never)(zeros([1])), 'compile: data reads'],
    'item()': [() => compile((x: Tensor) => [x.item()] as never)(zeros([1])), 'compile: item() reads'],
    'toArray()': [() => compile((x: Tensor) => [x.toArray()] as never)(zeros([1])), 'compile: toArray() reads'],
    printing: [() => compile((x: Tensor) => [String(x)] as never)(zeros([1])), 'compile: toString() reads'],
    'a seed that would be set once': [
      () => compile(() => manualSeed(1))(),
      'compile: manualSeed() reads or writes values while a function is captured',
    ],
    'a state of the random numbers': [
      () => compile(() => getRngState())(),
      'compile: getRngState() reads or writes values while a function is captured',
    ],
    'numbers that would be drawn once': [
      () => compile((x: Tensor) => x.add(rand([2])))(zeros([2])),
      'compile: rand() in a function that is captured would happen at its first call alone; do it outside',
    ],
    'normal numbers that would be drawn once': [
      () => compile((x: Tensor) => x.add(randn([1])))(zeros([1])),
      'compile: randn() in a function',
    ],
    'integers that would be drawn once': [
      () => compile(() => randint(0, 2, [2]))(),
      'compile: randint() in a function',
    ],
    'an order that would be drawn once': [() => compile(() => randperm(2))(), 'compile: randperm() in a function'],
    'a graph from outside': [
      () => {
        const y = new nn.Parameter(zeros([1])).mul(2)
        compile((x: Tensor) => y.mul(x).backward())(zeros([1]))
      },
      'backward: cannot be captured through operations that ran before',
    ],
  }
  for (const [label, [run, message]] of Object.entries(rejected)) {
    it(label, () => expect(run).to.throw(message))
  }

  it('inputs of a later call that the function itself would reject, before anything changes', async () => {
    const { step: train, model } = training()
    const step = compile(train)
    const [[x, t]] = batches(1)
    step(x, t)
    const before = state(model)
    const bad = randint(4, 5, [8])
    expect(() => step(x, bad)).to.throw(RangeError, 'crossEntropy: expected target to be class indices from 0 to 3')
    const error: unknown = await step.async(x, bad).catch((reason: unknown) => reason)
    expect(String(error)).to.include('class indices from 0 to 3')
    expect(state(model)).to.deep.equal(before)
  })

  it('a look at what the function left behind', () => {
    let left: Tensor = zeros([1])
    const f = compile((x: Tensor) => {
      left = x.mul(2)
      return left.add(1)
    })
    f(zeros([1]))
    expect(() => left.add(1)).to.throw(RangeError, 'has lost its elements')
  })

  it('a parameter that was replaced by one of another shape', async () => {
    const layer = new nn.Linear(3, 4)
    const f = compile((x: Tensor) => layer.forward(x))
    const x = zeros([2, 3])
    f(x)
    const captured = layer.weight
    layer.weight = new nn.Parameter(zeros([5, 3]))
    const message =
      'compile: expected Linear.weight to keep the shape [4,3] that it was captured with, got [5,3]; compile the function anew'
    expect(() => f(x)).to.throw(RangeError, message)
    expect(String(await f.async(x).catch((error: unknown) => error))).to.equal(`RangeError: ${message}`)
    layer.weight = captured
    expect(f(x).shape).to.deep.equal([2, 4])
  })
})
