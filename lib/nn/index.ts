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
export * as init from './init.js'
export { LayerNorm, type LayerNormModuleOptions } from './layer_norm.js'
export { Linear, type LinearOptions } from './linear.js'
export { type LoadOptions, Module } from './module.js'
export { MSELoss } from './mse_loss.js'
export { NLLLoss } from './nll_loss.js'
export { Parameter, type ParameterOptions } from './parameter.js'
export { ReLU } from './relu.js'
export { Sequential, type UnaryModule } from './sequential.js'
export * as utils from './utils.js'
