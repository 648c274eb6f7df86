import { checkCount } from '../check.js'
import type { UnaryModule } from '../nn/sequential.js'
import { throwIfAborted } from './abort.js'
import { checkOptions, type EpochSummary, type FitOptions, type Settings } from './options.js'
import { createProgress, noProgress } from './progress.js'
import { Training } from './training.js'

/**
 * Trains a model: for each epoch, a step of `optimizer` for each batch of `data`, then an evaluation on `validation`.
 *
 * The model is in training mode during steps and in evaluation mode during validation; every module has its own mode
 * back when the promise is settled. Steps are captured, as by `compile`, and run on another thread: meanwhile, other
 * events are handled, such as requests to a server. While training goes on, the parameters are to be read and written in
 * `onStep`, in `onEpoch` and by way of `betweenRuns` alone: elsewhere, that may be an `Error: busy: ...`. So may drawing
 * random numbers, which new layers do, where the model draws any. Parameters move into shared memory, as those that
 * `compile` captures: an array that was taken from `data` before is left behind.
 *
 * With `checkpoint`, a file holds the model, the optimizer, the scheduler, the random numbers and the position in the
 * data. Training that goes on from it computes, to the bit, what it would have computed without a break, as long as data
 * and options are the same; `epochs` may be more. The file is replaced as a whole, as by `save`.
 *
 * @param model turns the first tensor of a batch into what `loss` compares with the second
 * @returns what is known of every epoch, with those from before a checkpoint
 * @throws TypeError or RangeError if an option is of the wrong kind or out of range, a batch is no array of two tensors,
 *   the loss is no single number, or the checkpoint does not fit; what cannot be known before training begins stops it
 * @throws Error `busy: ...` if another `fit` that has not ended trains the model, a parameter of it, or the optimizer
 * @throws AbortError if the signal has aborted, with its reason as `cause`: between two steps, after the checkpoint has
 *   been written
 */
export async function fit(model: UnaryModule, options: FitOptions): Promise<EpochSummary[]> {
  checkCount('fit', arguments.length, 2)
  const settings = checkOptions(model, options)
  throwIfAborted(settings.signal)
  const release = claim([model, ...model.parameters(), settings.optimizer])
  try {
    return await train(new Training(model, settings), model, settings)
  } finally {
    release()
  }
}

async function train(training: Training, model: UnaryModule, settings: Settings): Promise<EpochSummary[]> {
  await training.check()
  await training.resume()
  const progress = settings.progress ? await createProgress(settings.epochs) : noProgress
  const modes = model.namedModules().map(([, module]) => ({ module, mode: module.training }))
  try {
    return await training.run(progress)
  } finally {
    progress.stop()
    for (const { module, mode } of modes) module.training = mode
  }
}

/** Models, parameters and optimizers that are being trained. */
const claimed = new WeakSet<object>()

/** Keeps others from training these meanwhile: two trainings would set each other's modes, and their gradients to zero. */
function claim(parts: readonly object[]): () => void {
  if (parts.some((part) => claimed.has(part))) {
    throw new Error('busy: fit is training this model, one of its parameters or this optimizer already; await it first')
  }
  for (const part of parts) claimed.add(part)
  return () => {
    for (const part of parts) claimed.delete(part)
  }
}
