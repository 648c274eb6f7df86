import { expect } from 'chai'
import { join } from 'node:path'
import { compile, fit, noGrad, ones, type Tensor } from '../../lib/index.js'
import { inFolder, loader, trainee } from './support.js'

describe('fit, beside other work,', () => {
  it('calls back where nothing runs on another thread, and lets steps run from there', async () => {
    const { model, ...rest } = trainee()
    const served = trainee().model.eval()
    const predict = compile((x: Tensor) => noGrad(() => served.forward(x)))
    const x = ones([22, 6])
    let isTraining = true
    const predictions = [1, 2].map(async () => {
      while (isTraining) await predict.async(x)
    })
    const take = async () => {
      served.loadStateDict(model.stateDict())
      await predict.async(x)
    }
    const training = fit(model, { data: loader(), ...rest, epochs: 2, onStep: take, onEpoch: take })
    const history = await training.finally(() => (isTraining = false))
    await Promise.all(predictions)
    expect(history).to.have.length(2)
    expect(served.parameters()[0].data).to.deep.equal(model.parameters()[0].data)
  })

  it('lets other events be handled between steps', async () => {
    let [turns, isDone] = [0, false]
    const count = () => {
      turns++
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    const { model, ...rest } = trainee()
    await fit(model, { data: loader(), ...rest })
    isDone = true
    expect(turns).to.be.at.least(6)
  })

  it('trains several models at once, though all draw masks of dropout from one stream', async () => {
    await inFolder(async (folder) => {
      const trainings = [1, 2, 3].map((i) => {
        const checkpoint = { path: join(folder, `${i}.safetensors`), every: 2 }
        const { model, ...rest } = trainee()
        return fit(model, { ...rest, data: loader(), validation: loader(), epochs: 4, checkpoint })
      })
      const histories = await Promise.all(trainings)
      expect(histories.map((history) => history.length)).to.deep.equal([4, 4, 4])
    })
  })

  it('trains on this thread while others draw masks on another one', async () => {
    const trainings = [true, false, true, false].map((compile) => {
      const { model, ...rest } = trainee()
      return fit(model, { ...rest, data: loader(), epochs: 6, compile })
    })
    const histories = await Promise.all(trainings)
    expect(histories.map((history) => history.length)).to.deep.equal([6, 6, 6, 6])
  })
})
