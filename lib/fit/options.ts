import { checkBoolean, checkFunction, checkInteger, rangeError, readOptions, typeError } from '../check.js'
import type { CompileOptions } from '../compile/compile.js'
import { DataLoader } from '../data/data_loader.js'
import { Module } from '../nn/module.js'
import { checkOptimizer, type ScheduledOptions } from '../optim/lr_scheduler/base.js'
import { EpochLR } from '../optim/lr_scheduler/epoch_lr.js'
import { ReduceLROnPlateau } from '../optim/lr_scheduler/reduce_lr_on_plateau.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { Tensor } from '../tensor.js'
import type { Averages, Metric } from './metrics.js'
import type { Loss } from './step.js'

/** A loader whose batches are arrays `[input, target]`. */
export type Batches = DataLoader<unknown, readonly Tensor[]>

/** A step that has been done. */
export interface StepSummary {
  /** The number of the epoch, from 1. */
  readonly epoch: number
  /** The number of the step within the epoch, from 1. */
  readonly step: number
  /** How many steps the epoch has, if that is known. */
  readonly steps: number | undefined
  /** The loss of the batch, before the step. */
  readonly loss: number
}

/** An epoch that has been done: its averages over the training steps, and what else is known of it. */
export interface EpochSummary extends Averages {
  /** The number of the epoch, from 1. */
  readonly epoch: number
  /** The averages over the validation data, after the epoch; absent if there are none. */
  readonly validation?: Averages
  /** How long training took, without validation. */
  readonly seconds: number
  /** How many samples were trained on in a second. */
  readonly samplesPerSecond: number
}

/** Where {@link fit} keeps what it takes to go on later. */
export interface CheckpointOptions {
  /** A path or a `file:` URL. The file is written after every epoch, and when the signal aborts. */
  path: string | URL
  /** After every how many steps of an epoch it is written as well. Default: only after epochs. */
  every?: number | undefined
  /** Whether to go on from the file if there is one. Default: false, to begin anew and to replace the file. */
  resume?: boolean | undefined
}

/** The options of {@link fit}. */
export interface FitOptions {
  /** What to train on: each batch is an array of the model's input and the loss's target. */
  data: Batches
  /** The loss, of one element for each batch: `new nn.CrossEntropyLoss()`, or a function of output and target. */
  loss: Loss
  /** Updates the parameters after each batch. */
  optimizer: Optimizer<ScheduledOptions>
  /** How many times to go through the data. Default: 1. */
  epochs?: number | undefined
  /**
   * Changes the learning rate of the optimizer after each epoch; `OneCycleLR` after each step. `ReduceLROnPlateau` is
   * given the validation loss.
   */
  scheduler?: EpochLR<object> | ReduceLROnPlateau | undefined
  /** What to evaluate the model on after each epoch, in evaluation mode. */
  validation?: Batches | undefined
  /** What to average over each epoch and over the validation data beside the loss, by name: `{ accuracy }`. */
  metrics?: Readonly<Record<string, Metric>> | undefined
  /** Stops training between two steps, and closes a stream that is waiting for samples. */
  signal?: AbortSignal | undefined
  /** Where to keep what it takes to go on later. Default: nowhere. */
  checkpoint?: CheckpointOptions | undefined
  /**
   * Called after each step, while nothing runs on another thread, up to where it waits for something; training waits for
   * the promise it may return.
   */
  onStep?: ((step: StepSummary) => unknown) | undefined
  /** Called after each epoch, in the same way. */
  onEpoch?: ((epoch: EpochSummary) => unknown) | undefined
  /**
   * Whether steps are captured, as by `compile`, and run on another thread. A model or loss that looks at values, or does
   * not do the same for every batch, needs `false`: its steps then run on this thread. Options are those of `compile`:
   * batches of more shapes than `maxPrograms`, in turn, would be captured anew each time, on this thread. Default: true.
   */
  compile?: boolean | CompileOptions | undefined
  /**
   * Whether to show progress on the standard error: a bar on a terminal if the package `cli-progress` is installed, a
   * line for each epoch elsewhere. Default: false.
   */
  progress?: boolean | undefined
}

/** The options, checked and completed. */
export type Settings = FitOptions & Required<Pick<FitOptions, 'epochs' | 'metrics' | 'compile' | 'progress'>>

const defaults = {
  data: undefined,
  loss: undefined,
  optimizer: undefined,
  epochs: 1,
  scheduler: undefined,
  validation: undefined,
  metrics: {},
  signal: undefined,
  checkpoint: undefined,
  onStep: undefined,
  onEpoch: undefined,
  compile: true,
  progress: false,
}

const WHERE = 'fit'

/** Rejects options that are of the wrong kind, out of range, or do not go together. */
export function checkOptions(model: unknown, options: unknown): Settings {
  if (!(model instanceof Module)) throw typeError(WHERE, 'model', 'a module', model)
  if (options === undefined) throw typeError(WHERE, 'options', 'an object { data, loss, optimizer, ... }', options)
  const settings = readOptions<Record<keyof FitOptions, unknown>>(WHERE, options, defaults)
  const { data, loss, validation, metrics, signal } = settings
  checkLoader('data', data)
  if (typeof loss !== 'function' && typeof (loss as Module | undefined)?.forward !== 'function') {
    throw typeError(WHERE, 'loss', 'a module or a function', loss)
  }
  checkOptimizer(WHERE, settings.optimizer)
  checkInteger(WHERE, 'epochs', settings.epochs, 1)
  if (validation !== undefined) checkLoader('validation', validation)
  checkScheduler(settings)
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    throw typeError(WHERE, 'metrics', 'an object of functions', metrics)
  for (const [name, metric] of Object.entries(metrics)) checkFunction(WHERE, `metrics.${name}`, metric)
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw typeError(WHERE, 'signal', 'an AbortSignal', signal)
  for (const name of ['onStep', 'onEpoch'] as const) {
    if (settings[name] !== undefined) checkFunction(WHERE, name, settings[name])
  }
  if (!['boolean', 'object'].includes(typeof settings.compile))
    throw typeError(WHERE, 'compile', 'a boolean or an object { maxPrograms }', settings.compile)
  checkBoolean(WHERE, 'progress', settings.progress)
  const checkpoint = settings.checkpoint === undefined ? undefined : checkCheckpoint(settings.checkpoint)
  return { ...(settings as unknown as Settings), checkpoint }
}

function checkLoader(argument: string, value: unknown): void {
  if (!(value instanceof DataLoader)) throw typeError(WHERE, argument, 'a DataLoader', value)
}

function checkScheduler({ scheduler, optimizer, validation }: Record<keyof FitOptions, unknown>): void {
  if (scheduler === undefined) return
  const isPlateau = scheduler instanceof ReduceLROnPlateau
  if (!isPlateau && !(scheduler instanceof EpochLR)) throw typeError(WHERE, 'scheduler', 'a scheduler', scheduler)
  if (scheduler.optimizer !== optimizer) throw rangeError(WHERE, 'scheduler', 'one of the optimizer', scheduler)
  if (isPlateau && validation === undefined) {
    throw typeError(WHERE, 'validation', 'a DataLoader, whose loss ReduceLROnPlateau takes', validation)
  }
}

function checkCheckpoint(given: unknown): CheckpointOptions {
  const known = { path: undefined, every: undefined, resume: false }
  const { path, every, resume } = readOptions<Record<keyof CheckpointOptions, unknown>>('fit: checkpoint', given, known)
  if (path === '' || (typeof path !== 'string' && !(path instanceof URL)))
    throw typeError(WHERE, 'checkpoint.path', 'a path or a URL', path)
  if (every !== undefined) checkInteger(WHERE, 'checkpoint.every', every, 1)
  if (typeof resume !== 'boolean') throw typeError(WHERE, 'checkpoint.resume', 'a boolean', resume)
  return { path, every, resume }
}
