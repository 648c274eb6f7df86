import { nn, optim, tensor, type Tensor } from '../../../dist/index.js'
import { type Prepare, PROOF_STEPS } from '../job.js'
import { readModel } from '../reader.js'
import { maybeCompiled } from './compiled.js'
import { Model } from './model.js'

export const train: Prepare<'train'> = ({ batch, width }, data) => {
  const given = readModel(data, batch, width)
  const input = tensor(given.input, { shape: [batch, width] })
  const targets = tensor(given.targets, { shape: [batch], dtype: 'int32' })
  const criterion = new nn.CrossEntropyLoss()
  const model = new Model(width)
  let step: (x: Tensor, t: Tensor) => Tensor

  const begin = () => {
    model.fill(given)
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 })
    step = maybeCompiled((x: Tensor, t: Tensor) => {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(x), t)
      loss.backward()
      optimizer.step()
      return loss
    })
  }
  const once = () => step(input, targets)

  begin()
  const proof = Array.from({ length: PROOF_STEPS }, () => once().item())
  return { proof, begin, once }
}
