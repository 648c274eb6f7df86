import { checkCount } from '../check.js'
import type { UnaryModule } from '../nn/sequential.js'
import { throwIfAborted } from './abort.js'
import { checkOptions, type EpochSummary, type FitOptions } from './options.js'
import { createProgress, noProgress } from './progress.js'
import { Training } from './training.js'

/**
 * Trains a model: for each epoch, a step of `optimizer` for each batch of `data`, then an evaluation on `validation`.
 *
 * The model is in training mode during steps and in evaluation mode during validation; every module has its own mode
 * back when the promise is settled. Steps are captured, as by `compile`, and run on another thread: meanwhile, other
 * events are handled, such as requests to a server. While training goes on, the parameters are to be read and written in
 * `onStep` and `onEpoch` alone: elsewhere, that may be an `Error: busy: ...`.
 *
 * With `checkpoint`, a file holds the model, the optimizer, the scheduler, the random numbers and the position in the
 * data. Training that goes on from it computes, to the bit, what it would have computed without a break, as long as data
 * and options are the same; `epochs` may be more. The file is replaced as a whole, as by `save`.
 *
 * @param model turns the first tensor of a batch into what `loss` compares with the second
 * @returns what is known of every epoch, with those from before a checkpoint
 * @throws TypeError or RangeError if an option is of the wrong kind or out of range, a batch is no array of two tensors,
 *   the loss is no single number, or the checkpoint does not fit; what cannot be known before training begins stops it
 * @throws AbortError if the signal has aborted, with its reason as `cause`: between two steps, after the checkpoint has
 *   been written
 */
export async function fit(model: UnaryModule, options: FitOptions): Promise<EpochSummary[]> {
  checkCount('fit', arguments.length, 2)
  const settings = checkOptions(model, options)
  throwIfAborted(settings.signal)
  const training = new Training(model, settings)
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
