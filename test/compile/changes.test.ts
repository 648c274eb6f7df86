import { expect } from 'chai'
import { compile, manualSeed, nn, ones, optim, type Tensor, tensor, zeros } from '../../lib/index.js'
import { batches, state } from './support.js'

/** A model that says itself how its layers are used. */
class Net extends nn.Module {
  first = new nn.Linear(6, 8)
  drop = new nn.Dropout({ p: 0.25 })
  layers = new nn.ModuleList<nn.Module & { forward(x: Tensor): Tensor }>([new nn.Tanh()])
  head = new nn.Sequential(new nn.Linear(8, 8), new nn.ReLU(), new nn.Linear(8, 4))
  scale = 1
  skip: nn.Linear | undefined = undefined

  override forward(x: Tensor): Tensor {
    let y: Tensor = this.drop.forward(this.first.forward(x))
    for (const layer of this.layers) y = layer.forward(y)
    if (this.skip) y = y.add(this.skip.forward(x))
    return this.head.forward(y.mul(this.scale))
  }
}

function training() {
  manualSeed(3)
  const model = new Net()
  const criterion = new nn.CrossEntropyLoss()
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 })
  let runs = 0
  const step = (x: Tensor, t: Tensor) => {
    runs++
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), t)
    loss.backward()
    optimizer.step()
    return loss
  }
  return { model, optimizer, criterion, step, runs: () => runs }
}

type Trained = ReturnType<typeof training>

const fresh = (inputs: number, outputs: number) => {
  manualSeed(7)
  return new nn.Linear(inputs, outputs)
}

/** What a user may change between two steps, with whether the function has to be captured anew for it. */
const changes: Record<string, [(trained: Trained) => void, captured: boolean]> = {
  'a parameter that is replaced': [({ model }) => void (model.first.weight = fresh(6, 8).weight), true],
  'a parameter that is replaced, and given to the optimizer': [
    ({ model, optimizer }) => {
      model.first.weight = fresh(6, 8).weight
      const params = optimizer.paramGroups[0].params as Tensor[]
      params[0] = model.first.weight
    },
    true,
  ],
  'a parameter that is removed': [({ model }) => void (model.first.bias = undefined), true],
  'a layer that is replaced': [({ model }) => void (model.first = fresh(6, 8)), true],
  'a layer that is there for the first time': [({ model }) => void (model.skip = fresh(6, 8)), true],
  'a layer within a Sequential that is replaced by one without parameters': [
    ({ model }) => void Object.assign(model.head, { 1: new nn.GELU() }),
    true,
  ],
  'a layer that is added to a Sequential': [({ model }) => void model.head.append(new nn.Softmax(1)), true],
  'a layer that is added to a ModuleList': [({ model }) => void model.layers.append(fresh(8, 8)), true],
  'a layer of a ModuleList that is replaced': [({ model }) => void Object.assign(model.layers, { 0: new nn.ReLU() }), true],
  'a property of the model': [({ model }) => void (model.scale = 2), true],
  'p of dropout': [({ model }) => void Object.assign(model.drop, { p: 0.75 }), true],
  'dropout that is switched off by p': [({ model }) => void Object.assign(model.drop, { p: 0 }), true],
  'the smoothing of a loss': [({ criterion }) => void Object.assign(criterion, { labelSmoothing: 0.5 }), true],
  'the weights of a loss': [({ criterion }) => void Object.assign(criterion, { weight: tensor([1, 2, 3, 4]) }), true],
  'eval()': [({ model }) => void model.eval(), true],
  'eval() of one layer': [({ model }) => void model.drop.eval(), true],
  'requiresGrad of a parameter': [({ model }) => void (model.first.weight.requiresGrad = false), true],
  'amsgrad': [({ optimizer }) => void (optimizer.paramGroups[0].amsgrad = true), true],
  'maximize': [({ optimizer }) => void (optimizer.paramGroups[0].maximize = true), true],
  'a weight decay that was 0': [({ optimizer }) => void (optimizer.paramGroups[0].weightDecay = 0.5), true],
  'the learning rate': [({ optimizer }) => void (optimizer.paramGroups[0].lr = 0.5), false],
  'betas': [({ optimizer }) => void (optimizer.paramGroups[0].betas = [0.5, 0.5]), false],
  'eps': [({ optimizer }) => void (optimizer.paramGroups[0].eps = 0.1), false],
  'a schedule': [({ optimizer }) => new optim.lrScheduler.StepLR(optimizer, 1, { gamma: 0.1 }).step(), true],
  'a tensor less in the optimizer': [({ optimizer }) => void (optimizer.paramGroups[0].params as Tensor[]).pop(), true],
  'a group more in the optimizer': [
    ({ optimizer }) => {
      const [group] = optimizer.paramGroups
      const moved = (group.params as Tensor[]).splice(0, 1) as never
      optimizer.paramGroups.push({ ...group, lr: 0.9, params: moved })
    },
    true,
  ],
  'values of parameters': [({ model }) => void model.first.weight.data.fill(0.125), false],
  'loadStateDict': [({ model }) => model.loadStateDict(new Map([...model.stateDict()].map(([name, { shape }]) => [name, ones(shape)]))), false],
  'the state of the optimizer': [({ optimizer }) => optimizer.loadStateDict(optimizer.stateDict()), true],
  'gradients that are set to zeros': [({ model }) => void (model.first.weight.grad = zeros([8, 6])), false],
} // prettier-ignore

describe('compile follows', () => {
  for (const [label, [change, isCaptured]] of Object.entries(changes)) {
    it(label, async () => {
      const [eager, replayed, elsewhere] = [training(), training(), training()]
      const [step, other] = [compile(replayed.step), compile(elsewhere.step)]
      const data = batches(9)
      const run = async (trained: Trained, once: (x: Tensor, t: Tensor) => Tensor | Promise<Tensor>) => {
        manualSeed(9)
        const losses: number[] = []
        for (const [i, [x, t]] of data.entries()) {
          if (i === 4) change(trained)
          losses.push((await once(x, t)).item())
        }
        return [losses, state(trained.model)]
      }
      const expected = await run(eager, eager.step)
      expect(await run(replayed, step), 'at once').to.deep.equal(expected)
      expect(await run(elsewhere, (x, t) => other.async(x, t)), 'on another thread').to.deep.equal(expected)
      expect([replayed.runs() > 1, elsewhere.runs() > 1]).to.deep.equal([isCaptured, isCaptured])
      // Parameters that the optimizer has not are captured twice: without a gradient, and with one.
      expect(replayed.runs()).to.be.at.most(3)
    })
  }

  it('a ModuleList that the function itself goes through', () => {
    const list = new nn.ModuleList<nn.Module & { forward(x: Tensor): Tensor }>([new nn.Tanh()])
    const apply = (x: Tensor) => {
      let y = x
      for (const layer of list) y = layer.forward(y)
      return y
    }
    const compiled = compile(apply)
    const x = ones([2, 3])
    for (const change of [
      () => undefined,
      () => list.append(new nn.Sigmoid()),
      () => Object.assign(list, { 0: new nn.ReLU() }),
    ]) {
      change()
      expect(compiled(x).data).to.deep.equal(apply(x).data)
    }
  })

  it('what is changed back without capturing anew', () => {
    const { model, step, runs } = training()
    const compiled = compile(step)
    const [[x, t]] = batches(1)
    const [first, other] = [model.first, fresh(6, 8)]
    for (const parameter of other.parameters()) parameter.requiresGrad = false
    for (let i = 0; i < 12; i++) {
      model.first = i % 2 === 0 ? first : other
      if (i % 3 === 0) model.eval()
      else model.train()
      compiled(x, t)
    }
    expect(runs()).to.equal(4)
  })

  it('modules that know the ones above them, and classes whose forward calls that of their base', () => {
    class Above extends nn.Linear {
      above: nn.Module | undefined
      override forward(x: Tensor) {
        return super.forward(x).mul(2)
      }
    }
    manualSeed(1)
    const model = new nn.Sequential(new Above(2, 2))
    const [layer] = model as Iterable<Above>
    layer.above = model
    const f = compile((x: Tensor) => model.forward(x))
    const x = ones([1, 2])
    const values = () => [f(x).toArray(), f(x).toArray()]
    const before = model.forward(x).toArray()
    expect(values()).to.deep.equal([before, before])
    layer.bias = undefined
    const after = model.forward(x).toArray()
    expect(after).not.to.deep.equal(before)
    expect(values()).to.deep.equal([after, after])
  })
})

describe('compile rejects in a function', () => {
  const weight = new nn.Parameter(ones([1]))
  const optimizer = new optim.SGD([weight], { lr: 1 })
  const schedulers = [
    new optim.lrScheduler.StepLR(optimizer, 1),
    new optim.lrScheduler.OneCycleLR(optimizer, 1, { totalSteps: 5 }),
  ]
  const inner = compile((x: Tensor) => x.mul(2))
  const rejected: Record<string, [() => unknown, string]> = {
    'steps of schedulers': [() => schedulers.forEach((scheduler) => scheduler.step()), 'compile: StepLR.step() in a function'],
    'steps of schedulers by a metric': [() => new optim.lrScheduler.ReduceLROnPlateau(optimizer).step(1), 'compile: ReduceLROnPlateau.step() in'],
  } // prettier-ignore
  for (const [label, [act, message]] of Object.entries(rejected)) {
    it(label, () => {
      const f = compile((x: Tensor) => {
        act()
        return x.add(1)
      })
      for (let i = 0; i < 2; i++) expect(() => f(ones([1]))).to.throw(Error, message)
    })
  }

  it('asynchronous calls', async () => {
    const outcomes: Promise<unknown>[] = []
    const f = compile((x: Tensor) => {
      outcomes.push(inner.async(x).catch(String), inner.epoch([[x]]).catch(String))
      return x.add(1)
    })
    expect(f(ones([1])).item()).to.equal(2)
    const message = 'compile: an asynchronous call in a function that is captured would happen at its first call alone'
    for (const outcome of await Promise.all(outcomes)) expect(outcome).to.include(message)
  })
})
