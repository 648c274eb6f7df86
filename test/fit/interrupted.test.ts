import { expect } from 'chai'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { DataLoader, fit, type FitOptions, nn, optim, type StepSummary, type Tensor } from '../../lib/index.js'
import { dataset, inFolder, loader, trainee, valuesOf } from './support.js'

/** Some rows, and then one that never comes. */
async function* stalling(onClosed: () => void): AsyncGenerator<readonly Tensor[], void, undefined> {
  try {
    for (let i = 0; i < 8; i++) yield dataset().get(i)
    await new Promise(() => undefined)
  } finally {
    onClosed()
  }
}

/** Sources that stall, each of which tells when it does and when it has been closed. */
const sources: Record<string, (onClosed: () => void, onStalled: () => void) => AsyncIterable<unknown>> = {
  'a Readable': (onClosed, onStalled) => {
    const rows = dataset()
    let next = 0
    const read = function (this: Readable) {
      if (next < 8) this.push(rows.get(next++))
      else onStalled()
    }
    return new Readable({ objectMode: true, read }).on('close', onClosed)
  },
  'a ReadableStream': (onClosed, onStalled) => {
    const rows = dataset()
    let next = 0
    return new ReadableStream({
      pull: (controller) => {
        if (next < 8) {
          controller.enqueue(rows.get(next++))
          return
        }
        onStalled()
        return new Promise(() => undefined)
      },
      cancel: onClosed,
    })
  },
  'an iterator of its own': (onClosed, onStalled) => {
    const rows = dataset()
    let next = 0
    let end: (result: IteratorReturnResult<undefined>) => void
    return {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          next < 8
            ? Promise.resolve({ done: false as const, value: rows.get(next++) })
            : new Promise<IteratorReturnResult<undefined>>((resolve) => {
                end = resolve
                onStalled()
              }),
        return: () => {
          onClosed()
          // It says that it has come to its end: that is no end of an epoch.
          end({ done: true, value: undefined })
          return Promise.resolve({ done: true as const, value: undefined })
        },
      }),
    }
  },
}

const outcome = (promise: Promise<unknown>) => promise.catch((reason: unknown) => reason)

describe('fit that is aborted while it waits for', () => {
  for (const [name, open] of Object.entries(sources)) {
    for (const role of ['data', 'validation'] as const) {
      it(`${name} as ${role} closes it`, async () => {
        const { model, optimizer, loss } = trainee()
        const controller = new AbortController()
        let [closed, epochs] = [0, 0]
        const abort = () => setTimeout(() => controller.abort(), 10)
        const stalled = new DataLoader(() => open(() => closed++, abort), { batchSize: 4 })
        const options = { data: loader(), loss, optimizer, signal: controller.signal, onEpoch: () => epochs++ }
        const running = fit(model, { ...options, [role]: stalled as FitOptions['data'] })
        expect(await outcome(running)).to.include({ name: 'AbortError' })
        await new Promise((resolve) => setTimeout(resolve, 5))
        expect([closed, epochs]).to.deep.equal([1, 0])
      })
    }
  }

  it('a generator that cannot be closed, and does not wait for it', async () => {
    const { model, ...rest } = trainee()
    const data = new DataLoader(() => stalling(() => undefined), { batchSize: 4 })
    const running = fit(model, { data, ...rest, signal: AbortSignal.timeout(50) })
    expect(await outcome(running)).to.include({ name: 'AbortError' })
  })
})

describe('fit that fails', () => {
  const { StepLR } = optim.lrScheduler
  class BrokenLR extends StepLR {
    override step(): void {
      throw new Error('enough')
    }
  }
  const stop = () => {
    throw new Error('enough')
  }
  const failures: Record<string, (optimizer: optim.Adam) => Partial<FitOptions>> = {
    onStep: () => ({ onStep: stop }),
    'onStep, later': () => ({ onStep: () => Promise.reject(new Error('enough')) }),
    onEpoch: () => ({ onEpoch: stop }),
    'a metric': () => ({ metrics: { stop } }),
    'a loss': () => ({ loss: stop }),
    'a scheduler': (optimizer) => ({ scheduler: new BrokenLR(optimizer, 1) }),
  }
  for (const [name, options] of Object.entries(failures)) {
    it(`by ${name} closes its stream, and lets another one begin`, async () => {
      const { model, optimizer, loss } = trainee()
      model.eval()
      let closed = 0
      const rows = () => Readable.from([0, 1, 2, 3].map((i) => dataset().get(i))).on('close', () => closed++)
      const data = new DataLoader(rows, { batchSize: 2 }) as FitOptions['data']
      const failing = fit(model, { data, loss, optimizer, ...options(optimizer) })
      expect(String(await outcome(failing))).to.equal('Error: enough')
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect([closed, model.training]).to.deep.equal([1, false])
      expect(await fit(model, { data, loss, optimizer })).to.have.length(1)
    })
  }

  it('before anything has changed, where there are no batches', async () => {
    const trained = trainee()
    const { model, optimizer, loss } = trained
    const before = valuesOf(trained)
    for (const role of ['data', 'validation']) {
      const running = fit(model, { data: loader(), loss, optimizer, [role]: new DataLoader([]) as never })
      const message = `RangeError: fit: expected ${role} to give one batch at least, got none`
      expect(String(await outcome(running))).to.equal(message)
      expect(valuesOf(trained)).to.deep.equal(before)
    }
  })

  it('before anything has changed, where a checkpoint cannot be written', async () => {
    await inFolder(async (folder) => {
      const trained = trainee()
      const { model, optimizer, loss } = trained
      const before = valuesOf(trained)
      const rejected: [string | URL, string][] = [
        [join(folder, 'none', 'x'), "ENOENT: no such file or directory, access '"],
        [pathToFileURL(join(folder, 'none', 'x')), "ENOENT: no such file or directory, access '"],
        [folder, 'expected a file, got a folder'],
        [new URL('http://localhost/x'), 'RangeError: fit: expected path to be a file: URL, got "http'],
      ]
      for (const [path, message] of rejected) {
        const running = fit(model, { data: loader(), loss, optimizer, checkpoint: { path } })
        expect(String(await outcome(running))).to.include(message)
        expect(valuesOf(trained)).to.deep.equal(before)
      }
    })
  })
})

describe('fit while another one is under way', () => {
  it('rejects a model, parameters or an optimizer that are in use, and nothing else', async () => {
    const { model, optimizer, loss } = trainee()
    const data = loader()
    const running = fit(model, { data, loss, optimizer })
    const around = new nn.Sequential(model)
    const own = new optim.SGD(around.parameters())
    for (const [other, by] of [
      [model, optimizer],
      [around, own],
      [new nn.Linear(6, 3), optimizer],
    ] as const) {
      const error: unknown = await outcome(fit(other, { data, loss, optimizer: by }))
      expect(String(error)).to.match(
        /^Error: busy: fit is training this model, one of its parameters or this optimizer/,
      )
    }
    const second = trainee()
    expect(await fit(second.model, { loss, optimizer: second.optimizer, data: loader() })).to.have.length(1)
    expect(await running).to.have.length(1)
    expect(await fit(around, { data, loss, optimizer: own })).to.have.length(1)
  })

  it('resumes on a stream in the middle of an epoch, while others draw masks', async () => {
    await inFolder(async (folder) => {
      const samples = dataset()
      const rows = async function* () {
        for (let i = 0; i < samples.length; i++) {
          yield samples.get(i)
          await nextTurnOfTheLoop()
        }
      }
      const train = (options: Partial<FitOptions>) => {
        const { model, ...rest } = trainee()
        const checkpoint = { path: join(folder, 'model.safetensors'), resume: true }
        return fit(model, { ...rest, data: new DataLoader(rows, { batchSize: 4 }), checkpoint, ...options })
      }
      const controller = new AbortController()
      const onStep = ({ step }: StepSummary) => {
        if (step === 4) controller.abort()
      }
      const stopped: unknown = await train({ signal: controller.signal, onStep }).catch((error: unknown) => error)
      expect(stopped).to.have.property('name', 'AbortError')
      const { model, ...rest } = trainee()
      const others = fit(model, { ...rest, data: loader(), epochs: 20 })
      const history = await train({})
      expect([history.length, (await others).length]).to.deep.equal([1, 20])
    })
  })
})
