/**
 * Operations on tensors without state, as in PyTorch's `torch.nn.functional`.
 *
 * @module evenkeel/functional
 */
export { type AttentionOptions, scaledDotProductAttention } from '../ops/attention.js'
export { batchNorm, type BatchNormOptions } from '../ops/batch_norm.js'
export { type BCEWithLogitsOptions, binaryCrossEntropyWithLogits } from '../ops/binary_cross_entropy.js'
export { crossEntropy, type CrossEntropyOptions } from '../ops/cross_entropy.js'
export { dropout, type DropoutOptions } from '../ops/dropout.js'
export { embedding, type EmbeddingOptions } from '../ops/embedding.js'
export { gelu, type GeluOptions } from '../ops/gelu.js'
export { groupNorm, type GroupNormOptions } from '../ops/group_norm.js'
export { layerNorm, type LayerNormOptions } from '../ops/layer_norm.js'
export { linear } from '../ops/linear.js'
export { logSoftmax } from '../ops/log_softmax.js'
export type { Reduction } from '../ops/loss.js'
export { mseLoss, type MSELossOptions } from '../ops/mse_loss.js'
export { nllLoss, type NLLLossOptions } from '../ops/nll_loss.js'
export { relu } from '../ops/relu.js'
export { rmsNorm, type RMSNormOptions } from '../ops/rms_norm.js'
export { silu } from '../ops/silu.js'
export { softmax } from '../ops/softmax.js'
