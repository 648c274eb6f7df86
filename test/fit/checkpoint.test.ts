import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  accuracy,
  DataLoader,
  type EpochSummary,
  fit,
  type FitOptions,
  getRngState,
  load,
  manualSeed,
  optim,
  randn,
  save,
  type Tensor,
  tensor,
  TensorDataset,
} from '../../lib/index.js'
import { dataset, inFolder, loader, trainee, valuesOf } from './support.js'

const EPOCHS = 3
/** Of each epoch; the last batch is shorter. */
const STEPS = 6

/** A training: the loaders are made anew for each, as in another process. */
interface Plan {
  readonly data: () => FitOptions['data']
  readonly scheduler?: (optimizer: optim.Adam) => FitOptions['scheduler']
}

const plans: Record<string, Plan> = {
  'a shuffled loader': { data: () => loader() },
  'a loader with a seed of its own': { data: () => loader({ seed: 5 }) },
  'a loader in order, which draws no permutation': { data: () => loader({ shuffle: false }) },
  'a stream': {
    data: () => {
      const samples = dataset()
      return new DataLoader(
        function* () {
          for (let i = 0; i < samples.length; i++) yield samples.get(i)
        },
        { batchSize: 4 },
      )
    },
  },
  'samples that are made at random': {
    data: () => {
      const samples = dataset()
      const get = (i: number): [Tensor, Tensor] => [samples.get(i)[0].add(randn([6])), samples.get(i)[1]]
      return new DataLoader({ length: samples.length, get }, { batchSize: 4, shuffle: true })
    },
  },
  StepLR: { data: () => loader(), scheduler: (optimizer) => new optim.lrScheduler.StepLR(optimizer, 1) },
  OneCycleLR: {
    data: () => loader(),
    scheduler: (optimizer) => new optim.lrScheduler.OneCycleLR(optimizer, 0.1, { totalSteps: EPOCHS * STEPS + 1 }),
  },
  ReduceLROnPlateau: {
    data: () => loader(),
    scheduler: (optimizer) => new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 }),
  },
}

const nameOf = (error: unknown) => (error as Error).name

/** What is the same however long it takes. */
const numbersOf = (history: readonly EpochSummary[]) =>
  history.map(({ epoch, loss, metrics, validation }) => ({ epoch, loss, metrics, validation }))

function start(plan: Plan, options: Partial<FitOptions> = {}) {
  const trained = trainee()
  const { model, optimizer, loss } = trained
  const scheduler = plan.scheduler?.(optimizer)
  const validation = new DataLoader(dataset(9), { batchSize: 10, shuffle: true, seed: 3 })
  const data = plan.data()
  const settings = { data, loss, optimizer, scheduler, validation, metrics: { accuracy }, epochs: EPOCHS }
  manualSeed(4)
  return { ...trained, history: fit(model, { ...settings, ...options }) }
}

describe('fit goes on from a checkpoint, to the bit, with', () => {
  for (const [name, plan] of Object.entries(plans)) {
    it(name, async () => {
      const whole = start(plan)
      const expected = [numbersOf(await whole.history), valuesOf(whole), getRngState().toArray()]
      await inFolder(async (folder) => {
        for (let stop = 1; stop <= EPOCHS * STEPS; stop += 1) {
          const path = join(folder, `${stop}.safetensors`)
          const controller = new AbortController()
          const onStep = ({ epoch, step }: { epoch: number; step: number }) => {
            if ((epoch - 1) * STEPS + step === stop) controller.abort(new Error('later'))
          }
          const broken = start(plan, { onStep, signal: controller.signal, checkpoint: { path } })
          const error: unknown = await broken.history.catch((reason: unknown) => reason)
          expect(error).to.include({ name: 'AbortError', code: 'ABORT_ERR' })
          expect(String((error as Error).cause)).to.equal('Error: later')

          manualSeed(1000 + stop)
          let steps = 0
          const resumed = start(plan, { checkpoint: { path, resume: true }, onStep: () => steps++ })
          const history = await resumed.history
          expect(steps, 'the steps that were left').to.equal(EPOCHS * STEPS - stop)
          expect([numbersOf(history), valuesOf(resumed), getRngState().toArray()], `from step ${stop}`).to.deep.equal(
            expected,
          )
        }
      })
    })
  }
})

describe('fit with a checkpoint', () => {
  const plan = plans['a shuffled loader']

  it('writes it after every epoch, after so many steps, and leaves nothing else behind', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const written: [number, boolean][] = []
      const onStep = ({ step }: { step: number }) => void written.push([step, existsSync(path)])
      await start(plan, { onStep, checkpoint: { path, every: 4 }, epochs: 1 }).history
      expect(written.map(([, isThere]) => isThere)).to.deep.equal([false, false, false, false, true, true])
      expect(await readdir(folder)).to.deep.equal(['run.safetensors'])
    })
  })

  it('goes on from any that was written on the way, and after the last epoch if there are to be more', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const whole = start(plan)
      const expected = [numbersOf(await whole.history), valuesOf(whole)]
      const crash = ({ epoch, step }: { epoch: number; step: number }) => {
        if (epoch === 2 && step === 6) throw new Error('crash')
      }
      const crashed = start(plan, { onStep: crash, checkpoint: { path, every: 4 } })
      expect(await crashed.history.catch(String)).to.equal('Error: crash')
      const resumed = start(plan, { checkpoint: { path, resume: true }, epochs: 2 })
      await resumed.history
      const longer = start(plan, { checkpoint: { path, resume: true } })
      expect([numbersOf(await longer.history), valuesOf(longer)]).to.deep.equal(expected)
      const done = start(plan, { checkpoint: { path, resume: true } })
      expect([numbersOf(await done.history), valuesOf(done)]).to.deep.equal(expected)
    })
  })

  it('leaves the random numbers as they were after the last epoch, where there is nothing to go on with', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const [data, later] = [1, 2].map(() => loader({ seed: 3 }))
      const next = (from: typeof data) => [Array.from(getRngState().data), ...[...from].map(([, t]) => t.toArray())]
      await start(plan, { data, checkpoint: { path } }).history
      const expected = next(data)
      await start(plan, { data: later, checkpoint: { path, resume: true } }).history
      expect(next(later)).to.deep.equal(expected)
    })
  })

  it('begins anew without resume, and where there is no file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const first = start(plan, { checkpoint: { path, resume: true } })
      const expected = numbersOf(await first.history)
      expect(numbersOf(await start(plan, { checkpoint: { path } }).history)).to.deep.equal(expected)
    })
  })

  it('keeps losses that are not finite', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const losses = [NaN, Infinity, -Infinity]
      const loss = (output: Tensor) => output.sum().mul(0).add(losses[0])
      const metrics = { above: () => losses[1], below: () => losses[2] }
      const validation = undefined
      const options = { loss, metrics, validation, checkpoint: { path, resume: true }, epochs: 1 }
      const history = await start(plan, options).history
      expect(history[0]).to.deep.include({ loss: NaN, metrics: { above: Infinity, below: -Infinity } })
      expect(await start(plan, options).history).to.deep.equal(history)
    })
  })

  it('stops while it waits for a sample that does not come, and does not begin if it is too late', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      const samples = dataset()
      const isStalled = { value: true }
      const data = () =>
        new DataLoader(
          async function* () {
            for (let i = 0; i < samples.length; i++) {
              if (i === 10 && isStalled.value) await new Promise(() => undefined)
              yield samples.get(i)
            }
          },
          { batchSize: 4 },
        )
      const controller = new AbortController()
      const onStep = ({ step }: { step: number }) => {
        if (step === 2) setTimeout(() => controller.abort(), 5)
      }
      const { signal } = controller
      const stalled = start({ data }, { onStep, signal, checkpoint: { path } })
      expect(await stalled.history.catch(nameOf)).to.equal('AbortError')
      isStalled.value = false
      const whole = start({ data })
      const expected = [numbersOf(await whole.history), valuesOf(whole)]
      const resumed = start({ data }, { checkpoint: { path, resume: true } })
      expect([numbersOf(await resumed.history), valuesOf(resumed)]).to.deep.equal(expected)
      const late = start(plan, { signal, checkpoint: { path: join(folder, 'late.safetensors') } })
      expect(await late.history.catch(nameOf)).to.equal('AbortError')
      expect(existsSync(join(folder, 'late.safetensors'))).to.be.false
    })
  })

  it('stops in the middle of validation', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'run.safetensors')
      // Without a seed of its own, it draws from the random numbers that training draws from.
      const validation = new DataLoader(dataset(9), { batchSize: 10, shuffle: true })
      const whole = start(plan, { validation })
      const expected = [numbersOf(await whole.history), valuesOf(whole), getRngState().toArray()]
      const controller = new AbortController()
      let calls = 0
      const counted = (output: Tensor, target: Tensor) => {
        // Of the second epoch, the second batch of validation.
        if (++calls === STEPS + 3 + STEPS + 2) controller.abort()
        return accuracy(output, target)
      }
      const options = { validation, metrics: { accuracy: counted }, signal: controller.signal, checkpoint: { path } }
      expect(await start(plan, options).history.catch(nameOf)).to.equal('AbortError')
      const resumed = start(plan, { validation, checkpoint: { path, resume: true } })
      expect([numbersOf(await resumed.history), valuesOf(resumed), getRngState().toArray()]).to.deep.equal(expected)
    })
  })

  describe('rejects, and changes nothing:', () => {
    const others: Record<string, [change: (dict: Map<string, Tensor>) => void, message: RegExp]> = {
      'a file without progress': [(dict) => dict.delete('progress'), /expected a checkpoint of fit, got one without the progress/],
      'progress that is no JSON': [(dict) => dict.set('progress', tensor(Int32Array.of(1, 2, 3))), /without the progress of training as it should be/],
      'progress of another form': [(dict) => dict.set('progress', tensor(Int32Array.from(Buffer.from('{"position":{"epoch":-1}}')))), /as it should be/],
      'random numbers that are none': [(dict) => dict.set('random.now', tensor([1])), /without random.now as it should be/],
      'no random numbers': [(dict) => dict.delete('random.start'), /without the random numbers/],
      'another model': [(dict) => dict.delete('model.0.weight'), /loadStateDict: the dict does not fit Sequential: missing 0.weight/],
      'another optimizer': [(dict) => dict.delete('optimizer.paramGroups.0.lr') && dict.delete('optimizer.state.0.step'), /expected state\.0\.step to be a tensor/],
      'a loader that had a seed': [(dict) => dict.set('random.data', getRngState()), /expected a seed of data, as when it was written/],
    } // prettier-ignore
    for (const [name, [change, message]] of Object.entries(others)) {
      it(name, async () => {
        await inFolder(async (folder) => {
          const path = join(folder, 'run.safetensors')
          await start(plan, { checkpoint: { path }, epochs: 1 }).history
          const dict = await load(path)
          change(dict)
          await save(path, dict)
          const before = [valuesOf(trainee()), null]
          const other = start(plan, { checkpoint: { path, resume: true } })
          before[1] = getRngState().toArray()
          const error: unknown = await other.history.catch((reason: unknown) => reason)
          expect(error).to.be.instanceOf(Error)
          expect(String(error)).to.include(`fit: ${path}: `).and.match(message)
          expect([valuesOf(other), getRngState().toArray()]).to.deep.equal(before)
        })
      })
    }

    it('a scheduler or metrics that were not there, data of another length, what is no file', async () => {
      await inFolder(async (folder) => {
        const path = join(folder, 'run.safetensors')
        const onStep = ({ step }: { step: number }) => {
          if (step === 3) throw new Error('crash')
        }
        await start(plan, { checkpoint: { path, every: 2 }, onStep }).history.catch(() => undefined)
        const checkpoint = { path, resume: true }
        expect(await start(plans.StepLR, { checkpoint }).history.catch(String)).to.include(
          'expected no scheduler, as when',
        )
        expect(await start(plan, { checkpoint, metrics: {} }).history.catch(String)).to.include(
          'expected the metrics { accuracy }, as when it was written, got {  }',
        )
        const shorter = new DataLoader(new TensorDataset(...dataset().tensors), { batchSize: 11 })
        expect(await start(plan, { checkpoint, data: shorter }).history.catch(String)).to.include(
          'expected data of 6 batches, as when it was written, got 2',
        )
        expect(await start(plan, { checkpoint: { path: folder, resume: true } }).history.catch(String)).to.match(
          /EISDIR|expected a file/,
        )
      })
    })
  })

  it('passes on what the file system reports', async () => {
    const error: unknown = await start(plan, { checkpoint: { path: '/nowhere/run.safetensors' } }).history.catch(
      (reason: unknown) => reason,
    )
    expect(error).to.include({ code: 'ENOENT' })
  })
})
