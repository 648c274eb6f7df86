import { expect } from 'chai'
import { needsAddon } from '../backends.js'
import { expectEnd } from './support.js'

/** Functions for a program whose workers train, each with its workerData, while this thread does. */
const WORKERS = `
  import { setImmediate } from 'node:timers/promises'
  import { Worker } from 'node:worker_threads'
  const start = (workerData) =>
    new Worker('./test/fixtures/train_worker.js', { workerData, execArgv: [] }).on('error', () => undefined)
  const ended = (worker) => new Promise((resolve) => worker.on('exit', resolve))
  const reached = (worker, phase) =>
    new Promise((resolve) => {
      worker.on('exit', resolve).on('message', (message) => {
        if (message === phase || typeof message === phase) resolve()
      })
    })
  const trainUntil = async (promise) => {
    let isDone = false
    void promise.then(() => (isDone = true))
    while (!isDone) {
      step()
      await setImmediate()
    }
    return promise
  }`

describe('workers', () => {
  needsAddon()

  it('are terminated at every phase, while this thread trains on', () => {
    const printed = expectEnd(`${WORKERS}
      const phases = ['started', 'loaded', 'number']
      const terminated = Array.from({ length: 8 }, async (_, i) => {
        const worker = start('train on')
        const end = ended(worker)
        if (i >= 2) await reached(worker, phases[i % 3])
        await worker.terminate()
        return end
      })
      const codes = await trainUntil(Promise.all(terminated))
      console.log(codes.length, codes.slice(2).join(), Number.isFinite(step()))`)
    expect(printed).to.equal('8 1,1,1,1,1,1 true\n')
  })

  it('train side by side, and end by themselves, by process.exit and by an error', () => {
    const printed = expectEnd(`${WORKERS}
      const ends = ['return', 'exit', 'throw', 'return', 'exit', 'throw', 'return', 'exit']
      console.log((await trainUntil(Promise.all(ends.map((end) => ended(start(end)))))).join())`)
    expect(printed).to.equal('0,0,1,0,0,1,0,0\n')
  })
})

describe('a process whose workers are training', () => {
  needsAddon()

  const training = `${WORKERS}
    await Promise.all(Array.from({ length: 4 }, () => reached(start('train on'), 'number')))
    step()`

  it('ends by process.exit, after a last step of its own', () => {
    expectEnd(
      `${training}
      process.on('exit', () => step())
      process.exit(3)`,
      3,
    )
  })

  it('ends by an error', () => {
    expectEnd(`${training}\nthrow new Error('on purpose')`, 1)
  })
})
