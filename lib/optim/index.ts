/**
 * Optimizers, as in PyTorch's `torch.optim`.
 *
 * @module optim
 */
export { Adam, type AdamOptions } from './adam.js'
export { AdamW } from './adamw.js'
export * as lrScheduler from './lr_scheduler/index.js'
export { Optimizer, type TensorState, type Updates } from './optimizer.js'
export type { ParamGroup, ParamGroupOptions } from './param_groups.js'
export { SGD, type SGDOptions } from './sgd.js'
