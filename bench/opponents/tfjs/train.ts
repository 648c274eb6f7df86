import * as tf from '@tensorflow/tfjs'
import { CLASSES } from '../../workloads/workload.js'
import { type Prepare, PROOF_STEPS } from '../job.js'
import { readModel } from '../reader.js'
import { makeModel } from './model.js'

export const train: Prepare<'train'> = ({ batch, width }, data) => {
  const given = readModel(data, batch, width)
  const input = tf.tensor2d(given.input, [batch, width])
  const labels = tf.oneHot(tf.tensor1d(Int32Array.from(given.targets), 'int32'), CLASSES) as tf.Tensor2D
  let model = makeModel(given)
  let optimizer = tf.train.adam(1e-3)

  const loss = () => tf.losses.softmaxCrossEntropy<tf.Tensor2D, tf.Scalar>(labels, model.forward(input))
  const once = () => optimizer.minimize(loss)
  const begin = () => {
    model.dispose()
    optimizer.dispose()
    model = makeModel(given)
    optimizer = tf.train.adam(1e-3)
  }

  const proof = Array.from({ length: PROOF_STEPS }, () => {
    const value = optimizer.minimize(loss, true)
    return value?.dataSync()[0] ?? NaN
  })
  return { proof, begin, once }
}
