/**
 * Layers, losses and the base they share, as in PyTorch's `torch.nn`.
 *
 * @module nn
 */
export { BCEWithLogitsLoss } from './bce_with_logits_loss.js'
export { CrossEntropyLoss } from './cross_entropy_loss.js'
export { Dropout, type DropoutModuleOptions } from './dropout.js'
export { Embedding } from './embedding.js'
export * as functional from './functional.js'
export { GELU } from './gelu.js'
export { Identity } from './identity.js'
export * as init from './init.js'
export { LayerNorm, type LayerNormModuleOptions } from './layer_norm.js'
export { Linear, type LinearOptions } from './linear.js'
export { type LoadOptions, Module } from './module.js'
export { ModuleList } from './module_list.js'
export type { ModuleSequence } from './module_sequence.js'
export { MSELoss } from './mse_loss.js'
export { NLLLoss } from './nll_loss.js'
export { Parameter, type ParameterOptions } from './parameter.js'
export { ReLU } from './relu.js'
export { Sequential, type UnaryModule } from './sequential.js'
export { Sigmoid } from './sigmoid.js'
export { SiLU } from './silu.js'
export { Softmax } from './softmax.js'
export { Tanh } from './tanh.js'
export * as utils from './utils.js'
