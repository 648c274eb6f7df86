import * as tf from '@tensorflow/tfjs'
import { CLASSES } from '../../workloads/workload.js'
import { type BlockData, type ModelData, transposed } from '../reader.js'

/** LayerNorm of the rows, composed as in tfjs: it has no operation for it. */
export function layerNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor, bias: tf.Tensor): T {
  const { mean, variance } = tf.moments(x, -1, true)
  const normalized = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)))
  return tf.add(tf.mul(normalized, weight), bias)
}

function makeBlock({ normWeight, normBias, weight, bias }: BlockData) {
  const width = bias.length
  return {
    normWeight: tf.variable(tf.tensor1d(normWeight)),
    normBias: tf.variable(tf.tensor1d(normBias)),
    weight: tf.variable(tf.tensor2d(transposed(weight, width, width), [width, width])),
    bias: tf.variable(tf.tensor1d(bias)),
  }
}

/** The tutorial's model; weights have shape (in, out), as in tfjs. */
export function makeModel(given: ModelData) {
  const width = given.blocks[0].bias.length
  const blocks = given.blocks.map(makeBlock)
  const lastWeight = tf.variable(tf.tensor2d(transposed(given.lastWeight, CLASSES, width), [width, CLASSES]))
  const lastBias = tf.variable(tf.tensor1d(given.lastBias))
  const variables = [...blocks.flatMap((block) => Object.values(block)), lastWeight, lastBias]
  return {
    forward(x: tf.Tensor2D): tf.Tensor2D {
      let out = x
      for (const { normWeight, normBias, weight, bias } of blocks) {
        const a = layerNorm(out, normWeight, normBias)
        out = tf.fused.matMul({ a, b: weight, bias, activation: 'relu' }) as tf.Tensor2D
      }
      return tf.fused.matMul({ a: out, b: lastWeight, bias: lastBias }) as tf.Tensor2D
    },
    dispose(): void {
      tf.dispose(variables)
    },
  }
}
