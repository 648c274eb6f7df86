import { expect } from 'chai'
import { betweenRuns, compile, nn, ones, type Tensor } from '../../lib/index.js'
import { batches, training } from './support.js'

describe('betweenRuns', () => {
  it('waits for its turn, and then finds nothing busy', async () => {
    const { step: train, model } = training()
    const step = compile(train)
    const dropout = new nn.Dropout()
    const drop = compile((x: Tensor) => dropout.forward(x))
    const some = batches(6)
    for (const [x, t] of some.slice(0, 1)) step(x, t)
    drop(ones([64]))
    const order: string[] = []
    const note = (name: string) => () => order.push(name)
    const runs = some.flatMap(([x, t], i) => [
      step.async(x, t).then(note(`step ${i}`)),
      betweenRuns(() => [new nn.Linear(2, 2), model.parameters()[0].data[0]]).then(note(`layer ${i}`)),
      drop.async(ones([64])).then(note(`drop ${i}`)),
    ])
    await Promise.all(runs)
    expect(order).to.deep.equal(some.flatMap((_, i) => [`step ${i}`, `layer ${i}`, `drop ${i}`]))
  })

  it('lets runs go on where its function waits', async () => {
    const double = compile((x: Tensor) => x.mul(2))
    double(ones([2]))
    const doubled = await betweenRuns(async () => (await double.async(ones([2]))).toArray())
    expect(doubled).to.deep.equal([2, 2])
  })

  it('passes errors on, and lets others have their turn after them', async () => {
    const fail = () => {
      throw new Error('no')
    }
    const outcomes = [betweenRuns(fail), betweenRuns(() => Promise.reject(new Error('later'))), betweenRuns(() => 3)]
    const settled = await Promise.all(outcomes.map((outcome) => (outcome as Promise<unknown>).catch(String)))
    expect(settled).to.deep.equal(['Error: no', 'Error: later', 3])
    expect(await betweenRuns(1 as never).catch(String)).to.match(
      /^TypeError: betweenRuns: expected fn to be a function/,
    )
  })
})
