import { noGrad, tensor, type Tensor } from '../../../dist/index.js'
import type { Prepare } from '../job.js'
import { readModel } from '../reader.js'
import { maybeCompiled } from './compiled.js'
import { Model } from './model.js'

export const predict: Prepare<'predict'> = ({ width }, data) => {
  const given = readModel(data, 1, width)
  const row = tensor(given.input, { shape: [1, width] })
  const model = new Model(width)
  model.fill(given)
  const forward = maybeCompiled((x: Tensor) => noGrad(() => model.forward(x)))
  const once = () => forward(row)
  return { proof: [...once().data], once }
}
