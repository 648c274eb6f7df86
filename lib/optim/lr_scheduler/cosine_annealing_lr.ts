import { checkCount, checkInteger, checkNumber, readOptions } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'

/** The options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingLROptions extends EpochLROptions {
  /** The lowest rate. Default: 0. */
  etaMin: number
}

/** What {@link CosineAnnealingLR} keeps beside its progress. */
export interface CosineAnnealingLRSettings {
  /** How many epochs the way down takes. */
  tMax: number
  /** The lowest rate. */
  etaMin: number
}

/**
 * Lowers the learning rates to `etaMin` along half a cosine of `tMax` epochs; then raises them again, and so on:
 *
 *     lr = etaMin + (initialLr - etaMin) * (1 + cos(pi * epoch / tMax)) / 2
 *
 * computed from one epoch to the next, so that changes from elsewhere last.
 *
 * @see Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2016, https://arxiv.org/abs/1608.03983
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends EpochLR<CosineAnnealingLRSettings> {
  /**
   * @param tMax an integer of at least 1
   * @throws TypeError or RangeError if an argument is of the wrong kind or out of range
   */
  constructor(optimizer: Optimizer<ScheduledOptions>, tMax: number, options?: Partial<CosineAnnealingLROptions>) {
    checkCount('CosineAnnealingLR', arguments.length, 3)
    const { etaMin, lastEpoch } = readOptions('CosineAnnealingLR', options, { etaMin: 0, lastEpoch: -1 })
    super(optimizer, lastEpoch, { tMax, etaMin })
    this.start()
  }

  protected override optionsAt({ epoch, group: { lr }, index, isInitial }: GroupAtEpoch): ScheduledOptions {
    const { etaMin, baseLrs } = this.state
    if (isInitial) return { lr }
    const rate = this.#rateAfter(lr, epoch, baseLrs[index])
    // Between rates of at least 0, rounding may leave one just below, and optimizers take no negative rate.
    return { lr: etaMin < 0 ? rate : Math.max(rate, 0) }
  }

  #rateAfter(lr: number, epoch: number, baseLr: number): number {
    const { tMax, etaMin } = this.state
    // From the bottom, where the ratio below would be a division by zero.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) return lr + ((baseLr - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    const height = (t: number) => 1 + Math.cos((Math.PI * t) / tMax)
    return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin
  }

  protected override checkSettings(settings: CosineAnnealingLRSettings & EpochLRState): void {
    super.checkSettings(settings)
    checkInteger('CosineAnnealingLR', 'tMax', settings.tMax, 1)
    checkNumber('CosineAnnealingLR', 'etaMin', settings.etaMin)
  }
}
