import { expect } from 'chai'
import {
  accuracy,
  DataLoader,
  type EpochSummary,
  fit,
  type FitOptions,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  randn,
  type StepSummary,
  tensor,
  TensorDataset,
} from '../../lib/index.js'
import { dataset, loader, trainee, valuesOf } from './support.js'

/** What is known of an epoch, but for the times. */
const withoutTimes = (history: readonly EpochSummary[]) =>
  history.map(({ seconds, samplesPerSecond, ...rest }) => {
    expect(seconds).to.be.greaterThan(0)
    expect(samplesPerSecond).to.be.closeTo(22 / seconds, 1e-6 * samplesPerSecond)
    return rest
  })

describe('fit', () => {
  it('computes what a loop over the loader computes, to the bit', async () => {
    const [data, byHand, fitted] = [loader(), trainee(), trainee()]
    const { model, optimizer, loss } = byHand
    const expected: { epoch: number; loss: number; metrics: { accuracy: number } }[] = []
    manualSeed(3)
    for (let epoch = 1; epoch <= 3; epoch++) {
      let [total, correct] = [0, 0]
      for (const [x, t] of data) {
        optimizer.zeroGrad()
        const output = model.forward(x)
        const value = loss.forward(output, t)
        value.backward()
        optimizer.step()
        total += value.item() * t.size
        correct += output.argmax(1).data.filter((predicted, i) => predicted === t.data[i]).length
      }
      expected.push({ epoch, loss: total / 22, metrics: { accuracy: correct / 22 } })
    }
    manualSeed(3)
    const settings = { loss: fitted.loss, optimizer: fitted.optimizer, epochs: 3, metrics: { accuracy } }
    const history = await fit(fitted.model, { data, ...settings })
    expect(valuesOf(fitted)).to.deep.equal(valuesOf(byHand))
    withoutTimes(history).forEach(({ epoch, loss: average, metrics }, i) => {
      expect([epoch, average]).to.deep.equal([expected[i].epoch, expected[i].loss])
      expect(metrics.accuracy).to.be.closeTo(expected[i].metrics.accuracy, 1e-12)
    })
  })

  it('validates in evaluation mode, without gradients, after each epoch', async () => {
    const { model, optimizer, loss } = trainee()
    const seen: unknown[] = []
    const validation = new DataLoader(dataset(9), { batchSize: 5 })
    const watched = (output: Parameters<typeof loss.forward>[0], target: typeof output) => {
      seen.push([model.training, model.namedModules()[3][1].training, output.requiresGrad, target.size])
      return loss.forward(output, target)
    }
    const [{ validation: validated }] = await fit(model, {
      data: loader(),
      loss: watched,
      optimizer,
      validation,
      metrics: { accuracy },
      compile: false,
    })
    const training = [4, 4, 4, 4, 4, 2].map((size) => [true, true, true, size])
    const evaluation = [5, 5, 5, 5, 2].map((size) => [false, false, false, size])
    expect(seen).to.deep.equal([...training, ...evaluation])
    const [x, t] = dataset(9).tensors
    model.eval()
    const output = noGrad(() => model.forward(x))
    expect(validated?.loss).to.be.closeTo(loss.forward(output, t).item(), 1e-6)
    expect(validated?.metrics.accuracy).to.be.closeTo(accuracy(output, t), 1e-12)
  })

  it('captures steps with the options of compile', async () => {
    const { model, optimizer, loss } = trainee()
    let captures = 0
    const counted = (output: Parameters<typeof loss.forward>[0], target: typeof output) => {
      captures++
      return loss.forward(output, target)
    }
    const options = { data: loader(), loss: counted, optimizer, epochs: 3 }
    await fit(model, options)
    expect(captures, 'two shapes, once each').to.equal(2)
    captures = 0
    await fit(model, { ...options, compile: { maxPrograms: 1 } })
    expect(captures, 'two shapes, anew in each epoch').to.equal(6)
    const wrong = fit(model, { ...options, compile: { maxPrograms: 0 } })
    expect(await wrong.catch(String)).to.match(/^RangeError: compile: expected maxPrograms/)
    expect(await fit(model, { ...options, compile: 1 as never }).catch(String)).to.equal(
      'TypeError: fit: expected compile to be a boolean or an object { maxPrograms }, got number 1',
    )
  })

  it('gives every module its own mode back, also after an error', async () => {
    const { model, ...rest } = trainee()
    model.eval().namedModules()[2][1].train()
    const modes = () => model.namedModules().map(([, { training }]) => training)
    const before = modes()
    await fit(model, { data: loader(), ...rest, validation: loader() })
    expect(modes()).to.deep.equal(before)
    const onStep = () => {
      expect(model.training).to.be.true
      throw new Error('enough')
    }
    expect(await fit(model, { data: loader(), ...rest, onStep }).catch(String)).to.equal('Error: enough')
    expect(modes()).to.deep.equal(before)
  })

  it('calls back after each step and epoch, and waits for promises', async () => {
    const calls: unknown[] = []
    const record = async (call: StepSummary | EpochSummary) => {
      calls.push(['began', call.epoch])
      await new Promise((resolve) => setTimeout(resolve, 1))
      calls.push('step' in call ? [call.epoch, call.step, call.steps, typeof call.loss] : [call.epoch, call.loss])
    }
    const data = loader({ batchSize: 11 })
    const { model, optimizer, loss } = trainee()
    const history = await fit(model, { data, loss, optimizer, epochs: 2, onStep: record, onEpoch: record })
    expect(calls.filter((_, i) => i % 2 === 1)).to.deep.equal([
      [1, 1, 2, 'number'],
      [1, 2, 2, 'number'],
      [1, history[0].loss],
      [2, 1, 2, 'number'],
      [2, 2, 2, 'number'],
      [2, history[1].loss],
    ])
  })

  it('steps schedulers after epochs, OneCycleLR after steps, and ReduceLROnPlateau by the validation loss', async () => {
    const rates = async (create: (optimizer: optim.Adam) => FitOptions['scheduler']) => {
      const { model, optimizer, loss } = trainee()
      const seen: number[] = []
      const onStep = () => void seen.push(optimizer.paramGroups[0].lr)
      const scheduler = create(optimizer)
      const options = {
        data: loader({ batchSize: 11 }),
        loss,
        optimizer,
        scheduler,
        onStep,
        validation: loader(),
        epochs: 3,
      }
      await fit(model, options)
      return seen
    }
    const { StepLR, OneCycleLR, ReduceLROnPlateau } = optim.lrScheduler
    expect(await rates((optimizer) => new StepLR(optimizer, 1, { gamma: 0.5 }))).to.deep.equal([
      0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125,
    ])
    const byStep = new OneCycleLR(new optim.Adam(trainee().model.parameters()), 0.1, { totalSteps: 7 })
    const expected = Array.from({ length: 6 }, () => {
      byStep.step()
      return byStep.getLastLr()[0]
    })
    expect(await rates((optimizer) => new OneCycleLR(optimizer, 0.1, { totalSteps: 7 }))).to.deep.equal(expected)
    // No loss is below that of the first epoch by so much.
    const plateau = { patience: 0, threshold: 1e3, thresholdMode: 'abs', factor: 0.5 } as const
    expect(await rates((optimizer) => new ReduceLROnPlateau(optimizer, plateau))).to.deep.equal([
      0.05, 0.05, 0.05, 0.05, 0.025, 0.025,
    ])
  })

  it('trains on a stream, whose length it does not know', async () => {
    const rows = async function* () {
      for (let i = 0; i < 10; i++) {
        yield await Promise.resolve([Float32Array.of(i, 1), Float32Array.of(2 * i + 1)] as [Float32Array, Float32Array])
      }
    }
    const model = new nn.Linear(2, 1)
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.02 })
    const steps: unknown[] = []
    const onStep = ({ steps: known }: StepSummary) => void steps.push(known)
    const data = new DataLoader(rows, { batchSize: 4 })
    const history = await fit(model, { data, loss: new nn.MSELoss(), optimizer, epochs: 200, onStep })
    expect(steps).to.have.length(600)
    expect(new Set(steps)).to.deep.equal(new Set([undefined]))
    expect(history.at(-1)?.loss).to.be.lessThan(0.01)
  })

  describe('rejects', () => {
    const cases: [string, Record<string, unknown>, typeof TypeError | typeof RangeError, string][] = [
      ['data that are no loader', { data: [[ones([1]), ones([1])]] }, TypeError, 'expected data to be a DataLoader'],
      ['a missing loss', { loss: undefined }, TypeError, 'expected loss to be a module or a function, got undefined'],
      ['a missing optimizer', { optimizer: undefined }, TypeError, 'expected optimizer to be an optimizer'],
      ['no epochs', { epochs: 0 }, RangeError, 'expected epochs to be an integer of at least 1, got number 0'],
      ['a misspelled option', { epoch: 1 }, TypeError, 'did you mean epochs?'],
      ['a validation that is no loader', { validation: dataset() }, TypeError, 'expected validation to be a DataLoader'],
      ['a scheduler that is none', { scheduler: 0.1 }, TypeError, 'expected scheduler to be a scheduler'],
      ['a scheduler of another optimizer', { scheduler: new optim.lrScheduler.StepLR(trainee().optimizer, 1) }, RangeError, 'one of the optimizer'],
      ['a metric that is no function', { metrics: { accuracy: 1 } }, TypeError, 'expected metrics.accuracy to be a function'],
      ['metrics in an array', { metrics: [accuracy] }, TypeError, 'expected metrics to be an object of functions'],
      ['metrics that are none', { metrics: null }, TypeError, 'expected metrics to be an object of functions'],
      ['a signal that is none', { signal: {} }, TypeError, 'expected signal to be an AbortSignal'],
      ['a checkpoint without a path', { checkpoint: {} }, TypeError, 'checkpoint.path to be a path or a URL, got undefined'],
      ['a checkpoint with an empty path', { checkpoint: { path: '' } }, TypeError, 'checkpoint.path to be a path or a URL, got ""'],
      ['a misspelled checkpoint', { checkpoint: { file: 'x' } }, TypeError, 'unknown option file (known: path, every, resume)'],
      ['a checkpoint every 0 steps', { checkpoint: { path: 'x', every: 0 } }, RangeError, 'checkpoint.every'],
      ['a resume that is no boolean', { checkpoint: { path: 'x', resume: 1 } }, TypeError, 'checkpoint.resume'],
      ['callbacks that are none', { onStep: 1 }, TypeError, 'expected onStep to be a function'],
      ['progress that is no boolean', { progress: 'bar' }, TypeError, 'expected progress to be a boolean'],
      ['batches of one tensor', { data: new DataLoader(new TensorDataset(ones([2]))) }, TypeError, 'every batch of data to be an array [input, target]'],
      ['batches of no tensors', { data: new DataLoader([['a', 'b']]) }, TypeError, 'every batch of data'],
      ['no batches', { data: loader({ batchSize: 30, dropLast: true }) }, RangeError, 'expected data to give one batch at least'],
      ['no batches to validate', { validation: new DataLoader([]) }, RangeError, 'expected validation to give one batch at least'],
      ['a loss of several elements', { loss: new nn.CrossEntropyLoss({ reduction: 'none' }) }, RangeError, 'what loss returns to be of one element'],
      ['a loss that is no tensor', { loss: () => 1 }, TypeError, 'what loss returns to be a tensor, got number 1'],
      ['a metric that gives no number', { metrics: { accuracy: () => tensor(1) } }, TypeError, 'what metrics.accuracy returns to be a number'],
    ] // prettier-ignore
    for (const [name, options, kind, message] of cases) {
      it(name, async () => {
        const { model, optimizer, loss } = trainee()
        const given = { data: loader(), loss, optimizer, ...options } as unknown as FitOptions
        const error: unknown = await fit(model, given).catch((reason: unknown) => reason)
        expect(error).to.be.instanceOf(kind)
        expect(String(error)).to.include('fit: ').and.include(message)
      })
    }

    it('what is no model, missing options, and ReduceLROnPlateau without validation', async () => {
      const { model, optimizer, loss } = trainee()
      const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer)
      const errors = [
        await fit({ forward: 1 } as never, { data: loader(), loss, optimizer }).catch(String),
        await fit(model, undefined as never).catch(String),
        await fit(model, { data: loader(), loss, optimizer, scheduler }).catch(String),
      ]
      expect(errors[0]).to.equal('TypeError: fit: expected model to be a module, got an object')
      expect(errors[1]).to.include('TypeError: fit: expected options to be an object { data, loss, optimizer, ... }')
      expect(errors[2]).to.include('TypeError: fit: expected validation to be a DataLoader, whose loss')
    })
  })
})

describe('accuracy', () => {
  const output = tensor([
    [1, 3, 2],
    [5, 4, 4],
  ])

  it('is the share of samples whose class has the largest output', () => {
    expect(accuracy(output, tensor(Int32Array.of(1, 1)))).to.equal(0.5)
    expect(accuracy(output, tensor([[0, 1, 0], [1, 0, 0]]))).to.equal(1) // prettier-ignore
    expect(accuracy(tensor([1, 2]), tensor(1, { dtype: 'int32' }))).to.equal(1)
    const spread = randn([2, 3, 4])
    expect(accuracy(spread, spread.argmax(1))).to.equal(1)
  })

  it('rejects what does not fit', () => {
    expect(() => accuracy(output, tensor([1, 1]))).to.throw(
      RangeError,
      'accuracy: expected target to be of shape [2,3]',
    )
    expect(() => accuracy(output, tensor([true, false]))).to.throw(TypeError, 'an int32 tensor')
    expect(() => accuracy(output, tensor(Int32Array.of(1)))).to.throw(RangeError, 'of shape [2]')
    expect(() => accuracy(tensor(1), tensor(1))).to.throw(RangeError, 'of one dimension at least')
    expect(() => accuracy([1] as never, output)).to.throw(TypeError, 'expected output to be a tensor')
  })
})
