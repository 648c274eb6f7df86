import { checkNotCaptured } from '../../capture.js'
import {
  checkAtLeast,
  checkCount,
  checkInteger,
  checkNumber,
  checkOneOf,
  rangeError,
  readOptions,
} from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import { Tensor } from '../../tensor.js'
import { checkForGroups, forGroups, LRScheduler, ratesOf, type ScheduledOptions } from './base.js'

interface CommonOptions {
  /** Whether the metric should become small or large. Default: 'min'. */
  mode: 'min' | 'max'
  /** What the rates are multiplied by, below 1. Default: 0.1. */
  factor: number
  /** How many epochs in a row may pass without improvement. Default: 10. */
  patience: number
  /** By how much the metric must be better than the best so far to count as improved. Default: 1e-4. */
  threshold: number
  /** Whether the threshold is relative to the best metric so far, or absolute. Default: 'rel'. */
  thresholdMode: 'rel' | 'abs'
  /** How many epochs after a reduction do not count as ones without improvement. Default: 0. */
  cooldown: number
  /** A reduction by no more than this is left out. Default: 1e-8. */
  eps: number
}

/** The options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions extends CommonOptions {
  /** The lowest rate, for all groups or for each. Default: 0. */
  minLr: number | readonly number[]
}

/** What {@link ReduceLROnPlateau} keeps beside its progress. */
export interface ReduceLROnPlateauSettings extends CommonOptions {
  /** The lowest rate of each group. */
  minLrs: number[]
  /** The best metric so far; null before the first, as JSON knows no infinity. */
  best: number | null
  /** How many epochs of the cooldown are left. */
  cooldownCounter: number
  /** How many epochs in a row have passed without improvement. */
  numBadEpochs: number
}

const defaults: ReduceLROnPlateauOptions = {
  mode: 'min',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel',
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
}

/**
 * Multiplies the learning rates by `factor` where a metric, such as the loss on held-out data, has not improved for more
 * than `patience` epochs: `lr = max(lr * factor, minLr)`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 */
export class ReduceLROnPlateau extends LRScheduler<ReduceLROnPlateauSettings> {
  /** @throws TypeError or RangeError if an argument is of the wrong kind or out of range */
  constructor(optimizer: Optimizer<ScheduledOptions>, options?: Partial<ReduceLROnPlateauOptions>) {
    checkCount('ReduceLROnPlateau', arguments.length, 2)
    const { minLr, ...settings } = readOptions('ReduceLROnPlateau', options, defaults)
    const minLrs = forGroups('ReduceLROnPlateau', 'minLr', minLr, optimizer)
    super(optimizer, 0, { ...settings, minLrs, best: null, cooldownCounter: 0, numBadEpochs: 0 })
  }

  /**
   * Takes note of the metric of another epoch, and reduces the learning rates if it is time.
   *
   * @param metric a number, or a tensor of one element
   * @throws TypeError if it is neither, RangeError if it is a tensor of more elements
   * @throws Error in a function that `compile` captures
   */
  step(metric: number | Tensor): void {
    checkCount('ReduceLROnPlateau.step', arguments.length, 1)
    checkNotCaptured('ReduceLROnPlateau.step()')
    const value = metric instanceof Tensor ? metric.item() : metric
    checkNumber('ReduceLROnPlateau', 'metric', value)
    const { state } = this
    state.lastEpoch += 1
    if (this.#isBetter(value)) {
      state.best = value
      state.numBadEpochs = 0
    } else {
      state.numBadEpochs += 1
    }
    if (state.cooldownCounter > 0) {
      state.cooldownCounter -= 1
      state.numBadEpochs = 0
    }
    if (state.numBadEpochs > state.patience) {
      this.#reduce()
      state.cooldownCounter = state.cooldown
      state.numBadEpochs = 0
    }
    state.lastLr = ratesOf(this.optimizer)
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.state
    if (mode === 'min') {
      const best = this.state.best ?? Infinity
      return value < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold)
    }
    const best = this.state.best ?? -Infinity
    return value > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold)
  }

  #reduce(): void {
    const { factor, minLrs, eps } = this.state
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, minLrs[i])
      if (group.lr - lr > eps) group.lr = lr
    })
  }

  protected override checkSettings(settings: ReduceLROnPlateauSettings): void {
    const name = 'ReduceLROnPlateau'
    checkOneOf(name, 'mode', settings.mode, ['min', 'max'])
    checkNumber(name, 'factor', settings.factor)
    if (!(settings.factor < 1)) throw rangeError(name, 'factor', 'below 1', settings.factor)
    checkInteger(name, 'patience', settings.patience, 0)
    checkNumber(name, 'threshold', settings.threshold)
    checkOneOf(name, 'thresholdMode', settings.thresholdMode, ['rel', 'abs'])
    checkInteger(name, 'cooldown', settings.cooldown, 0)
    checkAtLeast(name, 'eps', settings.eps, 0)
    checkForGroups(name, 'minLrs', settings.minLrs, this.optimizer)
    settings.minLrs.forEach((minLr, i) => checkAtLeast(name, `minLrs[${i}]`, minLr, 0))
    if (settings.best !== null) checkNumber(name, 'best', settings.best)
    checkInteger(name, 'cooldownCounter', settings.cooldownCounter, 0)
    checkInteger(name, 'numBadEpochs', settings.numBadEpochs, 0)
  }
}
