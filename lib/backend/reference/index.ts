import type { Kernels } from '../../../binding.js'
import { adam } from './adam.js'
import { add, copyStrided, div, mul, sub } from './arithmetic.js'
import { biasBackward, biasForward } from './bias.js'
import { layerNormBackward, layerNormForward } from './layer_norm.js'
import { argmax, sum } from './reduce.js'
import { reluBackward, reluForward } from './relu.js'
import { sgemm } from './sgemm.js'
import {
  logSoftmaxBackward,
  logSoftmaxForward,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
} from './softmax.js'
import { sqrtBackward, sqrtForward } from './sqrt.js'

/**
 * Every kernel as plain TypeScript loops, over either float type, with sums in float64: what the native ones are held
 * against, what computes `float64` tensors, and what runs where no addon can be loaded.
 */
export const reference: Kernels = {
  adam,
  add,
  argmax,
  biasBackward,
  biasForward,
  copyStrided,
  div,
  layerNormBackward,
  layerNormForward,
  logSoftmaxBackward,
  logSoftmaxForward,
  mul,
  reluBackward,
  reluForward,
  sgemm,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
  sqrtBackward,
  sqrtForward,
  sub,
  sum,
}
