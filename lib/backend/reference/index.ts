import type { Kernels } from '../../../binding.js'
import { absBackward, absForward } from './abs.js'
import { adam } from './adam.js'
import { add, copyStrided, div, mul, sub } from './arithmetic.js'
import { batchNormBackward, batchNormForward } from './batch_norm.js'
import { bernoulli } from './bernoulli.js'
import { binaryCrossEntropyBackward, binaryCrossEntropyForward } from './binary_cross_entropy.js'
import { copyBlocks } from './blocks.js'
import { eq, le, lt } from './compare.js'
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from './cross_entropy.js'
import { embeddingBackward, embeddingForward } from './embedding.js'
import { expForward } from './exp.js'
import { extremeBackward, gatherBackward, gatherForward } from './extreme.js'
import { fill } from './fill.js'
import { geluBackward, geluForward } from './gelu.js'
import { groupNormBackward, groupNormForward } from './group_norm.js'
import { integerPow, toBool, toInt32 } from './integers.js'
import { layerNormBackward, layerNormForward } from './layer_norm.js'
import { linearBackward, linearForward } from './linear.js'
import { logForward } from './log.js'
import { nllLossBackward, nllLossForward } from './nll_loss.js'
import { norm } from './norm.js'
import { powBackward, powForward } from './pow.js'
import { argmax, sum } from './reduce.js'
import { reduceLossBackward, reduceLossForward } from './reduce_loss.js'
import { reluBackward, reluForward } from './relu.js'
import { rmsNormBackward, rmsNormForward } from './rms_norm.js'
import { sgd } from './sgd.js'
import { sgemm } from './sgemm.js'
import { sigmoidBackward, sigmoidForward } from './sigmoid.js'
import { siluBackward, siluForward } from './silu.js'
import { softTargetCrossEntropyBackward, softTargetCrossEntropyForward } from './soft_target_cross_entropy.js'
import {
  logSoftmaxBackward,
  logSoftmaxForward,
  safeSoftmaxBackward,
  safeSoftmaxForward,
  softmaxBackward,
  softmaxForward,
} from './softmax.js'
import { sqrtBackward, sqrtForward } from './sqrt.js'
import { tanhBackward, tanhForward } from './tanh.js'
import { varBackward, varForward } from './var.js'

/**
 * Every kernel as plain TypeScript loops, over either float type, with sums in float64: what the native ones are held
 * against, what computes `float64` tensors, and what runs where no addon can be loaded.
 */
export const reference: Kernels = {
  absBackward,
  absForward,
  adam,
  add,
  argmax,
  batchNormBackward,
  batchNormForward,
  bernoulli,
  binaryCrossEntropyBackward,
  binaryCrossEntropyForward,
  copyBlocks,
  copyStrided,
  div,
  embeddingBackward,
  embeddingForward,
  eq,
  expForward,
  extremeBackward,
  fill,
  gatherBackward,
  gatherForward,
  geluBackward,
  geluForward,
  groupNormBackward,
  groupNormForward,
  integerPow,
  layerNormBackward,
  layerNormForward,
  le,
  linearBackward,
  linearForward,
  logForward,
  logSoftmaxBackward,
  logSoftmaxForward,
  lt,
  mul,
  nllLossBackward,
  nllLossForward,
  norm,
  powBackward,
  powForward,
  reduceLossBackward,
  reduceLossForward,
  reluBackward,
  reluForward,
  rmsNormBackward,
  rmsNormForward,
  safeSoftmaxBackward,
  safeSoftmaxForward,
  sgd,
  sgemm,
  sigmoidBackward,
  sigmoidForward,
  siluBackward,
  siluForward,
  softmaxBackward,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
  softmaxForward,
  softTargetCrossEntropyBackward,
  softTargetCrossEntropyForward,
  sqrtBackward,
  sqrtForward,
  sub,
  sum,
  tanhBackward,
  tanhForward,
  toBool,
  toInt32,
  varBackward,
  varForward,
}
