/**
 * PyTorch-like training for server-side Node.js.
 *
 * @module evenkeel
 */
import './fluent/index.js'

export { detectAnomaly } from './anomaly.js'
export { type BackwardOptions, noGrad } from './autograd.js'
export { backend, type BackendInfo } from './backend/index.js'
export { type AsyncOptions, compile, type Compiled, type CompileOptions } from './compile/compile.js'
export type { Outputs } from './compile/outputs.js'
export type { ProgramInfo } from './compile/program.js'
export { betweenRuns } from './compile/queue.js'
export {
  arange,
  type ArangeOptions,
  type CreateOptions,
  full,
  ones,
  tensor,
  type TensorData,
  type TensorOptions,
  type TypedArray,
  zeros,
} from './create.js'
export type { Collated } from './data/collate.js'
export { DataLoader, type DataLoaderOptions } from './data/data_loader.js'
export { type Dataset, type DataSource } from './data/dataset.js'
export { TensorDataset } from './data/tensor_dataset.js'
export type { ArrayOf, DType, FloatDType } from './dtype.js'
export { fit } from './fit/fit.js'
export { accuracy, type Averages, type Metric } from './fit/metrics.js'
export type { Batches, CheckpointOptions, EpochSummary, FitOptions, StepSummary } from './fit/options.js'
export type { Criterion, Loss } from './fit/step.js'
export { load, save } from './io/files.js'
export * as nn from './nn/index.js'
export type { Operand } from './ops/binary.js'
export { cat, type CatOptions } from './ops/cat.js'
export type { Extremes } from './ops/extreme.js'
export type { Promoted } from './ops/promote.js'
export type { Dims, ReduceOptions } from './ops/reduction.js'
export type { VarOptions } from './ops/var.js'
export * as optim from './optim/index.js'
export { profile, type Profile, type ProfiledOperation } from './profile.js'
export { getRngState, manualSeed, rand, randint, randn, type RandomOptions, randperm, setRngState } from './random.js'
export type { Shape } from './shape.js'
export { type FloatTensor, type NestedArray, Tensor } from './tensor.js'
export { getNumThreads, setNumThreads } from './threads.js'
