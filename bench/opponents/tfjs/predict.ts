import * as tf from '@tensorflow/tfjs'
import type { Prepare } from '../job.js'
import { readModel } from '../reader.js'
import { makeModel } from './model.js'

export const predict: Prepare<'predict'> = ({ width }, data) => {
  const given = readModel(data, 1, width)
  const row = tf.tensor2d(given.input, [1, width])
  const model = makeModel(given)
  const compute = () => model.forward(row)
  const once = () => {
    const output = tf.tidy(compute)
    const values = output.dataSync()
    output.dispose()
    return values
  }
  return { proof: [...once()], once }
}
