import { checkCount, checkNumber, readOptions } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'

/** What {@link ExponentialLR} keeps beside its progress. */
export interface ExponentialLRSettings {
  /** What the rate is multiplied by. */
  gamma: number
}

/**
 * Multiplies the learning rates by `gamma` every epoch: `lr = initialLr * gamma^epoch`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends EpochLR<ExponentialLRSettings> {
  /** @throws TypeError or RangeError if an argument is of the wrong kind or out of range */
  constructor(optimizer: Optimizer<ScheduledOptions>, gamma: number, options?: Partial<EpochLROptions>) {
    checkCount('ExponentialLR', arguments.length, 3)
    const { lastEpoch } = readOptions('ExponentialLR', options, { lastEpoch: -1 })
    super(optimizer, lastEpoch, { gamma })
    this.start()
  }

  protected override optionsAt({ group: { lr }, isInitial }: GroupAtEpoch): ScheduledOptions {
    return { lr: isInitial ? lr : lr * this.state.gamma }
  }

  protected override checkSettings(settings: ExponentialLRSettings & EpochLRState): void {
    super.checkSettings(settings)
    checkNumber('ExponentialLR', 'gamma', settings.gamma)
  }
}
