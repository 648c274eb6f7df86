import { checkCount, checkInteger, checkNumber, rangeError, readOptions } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'

/** What {@link LinearLR} keeps beside its progress. */
export interface LinearLRSettings {
  /** The factor of the first epoch, above 0, at most 1. Default: 1/3. */
  startFactor: number
  /** The factor of the last epoch and all after it, from 0 to 1. Default: 1. */
  endFactor: number
  /** How many epochs it takes from one to the other. Default: 5. */
  totalIters: number
}

/** The options of {@link LinearLR}. */
export interface LinearLROptions extends EpochLROptions, LinearLRSettings {}

const defaults: LinearLROptions = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 }

/**
 * Multiplies the learning rates by a factor that goes from `startFactor` to `endFactor` in equal steps over `totalIters`
 * epochs: `lr = initialLr * (startFactor + (endFactor - startFactor) * min(1, epoch / totalIters))`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends EpochLR<LinearLRSettings> {
  /** @throws TypeError or RangeError if an argument is of the wrong kind or out of range */
  constructor(optimizer: Optimizer<ScheduledOptions>, options?: Partial<LinearLROptions>) {
    checkCount('LinearLR', arguments.length, 2)
    const { lastEpoch, ...settings } = readOptions('LinearLR', options, defaults)
    super(optimizer, lastEpoch, settings)
    this.start()
  }

  protected override optionsAt({ epoch, group: { lr }, isInitial }: GroupAtEpoch): ScheduledOptions {
    const { startFactor, endFactor, totalIters } = this.state
    if (epoch === 0) return { lr: lr * startFactor }
    if (isInitial || epoch > totalIters) return { lr }
    const slope = endFactor - startFactor
    const growth = 1 + slope / (totalIters * startFactor + (epoch - 1) * slope)
    // On the way to a factor of 0, rounding may leave a growth just below 0, and optimizers take no negative rate.
    return { lr: lr * Math.max(growth, 0) }
  }

  protected override checkSettings(settings: LinearLRSettings & EpochLRState): void {
    super.checkSettings(settings)
    const { startFactor, endFactor, totalIters } = settings
    checkNumber('LinearLR', 'startFactor', startFactor)
    if (!(startFactor > 0 && startFactor <= 1))
      throw rangeError('LinearLR', 'startFactor', 'within (0, 1]', startFactor)
    checkNumber('LinearLR', 'endFactor', endFactor)
    if (!(endFactor >= 0 && endFactor <= 1)) throw rangeError('LinearLR', 'endFactor', 'within [0, 1]', endFactor)
    checkInteger('LinearLR', 'totalIters', totalIters, 0)
  }
}
