import { nn, numpy as np } from '@jax-js/jax'
import { CLASSES } from '../../workloads/workload.js'
import { type ModelData, transposed } from '../reader.js'

/** An array of that shape which owns its elements: jax-js may write to what it is given. */
export function array(values: Float32Array, shape: number[]): np.Array {
  return np.array(values.slice()).reshape(shape)
}

/** LayerNorm of the rows. As everywhere in jax-js, a function takes its arguments over. */
export function layerNorm(x: np.Array, weight: np.Array, bias: np.Array): np.Array {
  const centered = x.ref.sub(np.mean(x, -1, { keepdims: true }))
  const variance = np.mean(np.square(centered.ref), -1, { keepdims: true })
  return centered
    .mul(np.reciprocal(np.sqrt(variance.add(1e-5))))
    .mul(weight)
    .add(bias)
}

/** The parameters of the tutorial's model in order; weights have shape (in, out). */
export function makeParams({ blocks, lastWeight, lastBias }: ModelData): np.Array[] {
  const width = blocks[0].bias.length
  return [
    ...blocks.flatMap(({ normWeight, normBias, weight, bias }) => [
      array(normWeight, [width]),
      array(normBias, [width]),
      array(transposed(weight, width, width), [width, width]),
      array(bias, [width]),
    ]),
    array(transposed(lastWeight, CLASSES, width), [width, CLASSES]),
    array(lastBias, [CLASSES]),
  ]
}

export function forward(params: np.Array[], x: np.Array): np.Array {
  let out = x
  for (let i = 0; i + 4 <= params.length; i += 4) {
    const [normWeight, normBias, weight, bias] = params.slice(i, i + 4)
    out = nn.relu(np.matmul(layerNorm(out, normWeight, normBias), weight).add(bias))
  }
  const [weight, bias] = params.slice(-2)
  return np.matmul(out, weight).add(bias)
}
