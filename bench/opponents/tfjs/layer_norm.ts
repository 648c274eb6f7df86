import * as tf from '@tensorflow/tfjs'
import { type Prepare, PROOF_ELEMENTS } from '../job.js'
import { layerNorm } from './model.js'

const first = (tensor: tf.Tensor) => [...tensor.dataSync().slice(0, PROOF_ELEMENTS)]

export const layerNormForward: Prepare<'layerNormForward'> = ({ rows, cols }, data) => {
  const x = tf.tensor2d(data.take(rows * cols), [rows, cols])
  const [weight, bias] = [tf.tensor1d(data.take(cols)), tf.tensor1d(data.take(cols))]
  const compute = () => layerNorm(x, weight, bias)
  const once = () => tf.dispose(tf.tidy(compute))
  return { proof: first(tf.tidy(compute)), once }
}

/** tfjs keeps no graph: its backward pass begins with a forward pass, which is timed with it. */
export const layerNormBackward: Prepare<'layerNormBackward'> = ({ rows, cols }, data) => {
  const x = tf.tensor2d(data.take(rows * cols), [rows, cols])
  const [weight, bias] = [tf.tensor1d(data.take(cols)), tf.tensor1d(data.take(cols))]
  const dy = tf.tensor2d(data.take(rows * cols), [rows, cols])
  const gradients = tf.grads(layerNorm)
  const compute = () => gradients([x, weight, bias], dy)
  const once = () => tf.dispose(compute())
  return { proof: compute().flatMap(first), once }
}
