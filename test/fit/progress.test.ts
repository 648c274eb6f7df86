import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { createProgress } from '../../lib/fit/progress.js'
import type { EpochSummary } from '../../lib/index.js'

const summary: EpochSummary = {
  epoch: 1,
  loss: 0.27131,
  metrics: { accuracy: 0.9172 },
  validation: { loss: 0.20009, metrics: { accuracy: 1 } },
  seconds: 2,
  samplesPerSecond: 1234.5,
}
const line = 'Epoch 1/2: loss 0.2713, accuracy 0.9172, validation loss 0.2001, accuracy 1.0000, 1235 samples/s\n'

/** What is written for an epoch of two steps, the last of which is broken off. */
async function written(output: PassThrough & { isTTY?: boolean }, steps: number | undefined): Promise<string> {
  const progress = await createProgress(2, output)
  progress.step({ epoch: 1, step: 1, steps, loss: 0.5 })
  progress.step({ epoch: 1, step: 2, steps, loss: 0.25 })
  progress.epoch(summary)
  progress.step({ epoch: 2, step: 1, steps, loss: 0.125 })
  progress.stop()
  return String(output.read())
}

/** A terminal as cli-progress expects one. */
function terminal() {
  const done = () => true
  const methods = {
    cursorTo: done,
    moveCursor: done,
    clearLine: done,
    clearScreenDown: done,
    getWindowSize: () => [80, 20],
  }
  return Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 20, ...methods })
}

/** What a program prints that calls fit for two epochs, on the standard output and the standard error. */
function printed(progress: string): string[] {
  const program = `import { DataLoader, fit, nn, ones, optim, TensorDataset } from 'evenkeel'
    const model = new nn.Linear(1, 1)
    const optimizer = new optim.SGD(model.parameters())
    const data = new DataLoader(new TensorDataset(ones([4, 1]), ones([4, 1])))
    await fit(model, { data, loss: new nn.MSELoss(), optimizer, epochs: 2, ${progress} })`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  })
  return [stdout, stderr]
}

describe('progress', () => {
  it('is nothing by default, and goes to the standard error if it is asked for', () => {
    expect(printed('')).to.deep.equal(['', ''])
    const [stdout, stderr] = printed('progress: true')
    expect(stdout).to.equal('')
    expect(stderr).to.match(/^Epoch 1\/2: loss [\d.]+, \d+ samples\/s\nEpoch 2\/2: loss [\d.]+, \d+ samples\/s\n$/)
  })

  it('is a line for each epoch where there is no terminal', async () => {
    expect(await written(new PassThrough(), 2)).to.equal(line)
  })

  it('is a bar on a terminal as well', async () => {
    const text = await written(terminal(), 2)
    expect(text).to.include('Epoch 1/2 [').and.include(line).and.include('2/2 | loss')
    expect(text.indexOf('Epoch 2/2 [')).to.be.greaterThan(text.indexOf(line))
  })

  it('counts steps where it is not known how many there are', async () => {
    expect(await written(terminal(), undefined))
      .to.match(/Epoch 1\/2 step \d \| loss/)
      .and.not.include('%')
  })
})
