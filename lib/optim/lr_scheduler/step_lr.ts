import { checkCount, checkInteger, checkNumber, readOptions } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'

/** The options of {@link StepLR}. */
export interface StepLROptions extends EpochLROptions {
  /** What the rate is multiplied by. Default: 0.1. */
  gamma: number
}

/** What {@link StepLR} keeps beside its progress. */
export interface StepLRSettings {
  /** After how many epochs the rate changes. */
  stepSize: number
  /** What the rate is multiplied by. */
  gamma: number
}

/**
 * Multiplies the learning rates by `gamma` every `stepSize` epochs: `lr = initialLr * gamma^floor(epoch / stepSize)`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends EpochLR<StepLRSettings> {
  /**
   * @param stepSize an integer of at least 1
   * @throws TypeError or RangeError if an argument is of the wrong kind or out of range
   */
  constructor(optimizer: Optimizer<ScheduledOptions>, stepSize: number, options?: Partial<StepLROptions>) {
    checkCount('StepLR', arguments.length, 3)
    const { gamma, lastEpoch } = readOptions('StepLR', options, { gamma: 0.1, lastEpoch: -1 })
    super(optimizer, lastEpoch, { stepSize, gamma })
    this.start()
  }

  protected override optionsAt({ epoch, group: { lr } }: GroupAtEpoch): ScheduledOptions {
    const { stepSize, gamma } = this.state
    return { lr: epoch > 0 && epoch % stepSize === 0 ? lr * gamma : lr }
  }

  protected override checkSettings(settings: StepLRSettings & EpochLRState): void {
    super.checkSettings(settings)
    checkInteger('StepLR', 'stepSize', settings.stepSize, 1)
    checkNumber('StepLR', 'gamma', settings.gamma)
  }
}
