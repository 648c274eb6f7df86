/**
 * What changes learning rates during training, as in PyTorch's `torch.optim.lr_scheduler`.
 *
 * @module lrScheduler
 */
export { LRScheduler, type ScheduledOptions, type SchedulerState } from './base.js'
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  type CosineAnnealingLRSettings,
} from './cosine_annealing_lr.js'
export { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'
export { ExponentialLR, type ExponentialLRSettings } from './exponential_lr.js'
export { LambdaLR, type LRLambda } from './lambda_lr.js'
export { LinearLR, type LinearLROptions, type LinearLRSettings } from './linear_lr.js'
export { OneCycleLR, type OneCycleLROptions, type OneCycleLRSettings } from './one_cycle_lr.js'
export {
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type ReduceLROnPlateauSettings,
} from './reduce_lr_on_plateau.js'
export { StepLR, type StepLROptions, type StepLRSettings } from './step_lr.js'
