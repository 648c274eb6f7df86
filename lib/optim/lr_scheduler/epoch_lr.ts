import { checkNotCaptured } from '../../capture.js'
import { checkCount, rangeError } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ParamGroup } from '../../optim/param_groups.js'
import { checkForGroups, checkOptimizer, LRScheduler, type ScheduledOptions } from './base.js'

/** The options that all schedulers have whose rates depend on the epoch alone. */
export interface EpochLROptions {
  /** The epoch to go on after, where groups have an `initialLr` from earlier training. Default: -1, to begin. */
  lastEpoch: number
}

/** What the schedulers keep whose rates depend on the epoch alone. */
export interface EpochLRState {
  /** The learning rate from which each group begins. */
  baseLrs: number[]
}

/** A group at an epoch. */
export interface GroupAtEpoch {
  /** The number of the epoch, from 0. */
  readonly epoch: number
  /** The group, with its present options. */
  readonly group: Readonly<ParamGroup<ScheduledOptions>>
  /** The number of the group. */
  readonly index: number
  /** Whether the scheduler is being made, and the group has the rate of this epoch if training goes on. */
  readonly isInitial: boolean
}

/**
 * The base of the schedulers whose learning rates depend on the epoch alone. Most compute a rate from the group's
 * present one, so that several of them can work together on one optimizer, and changes from elsewhere last.
 */
export abstract class EpochLR<Settings extends object> extends LRScheduler<Settings & EpochLRState> {
  /**
   * @param baseLrs the rates from which the groups begin, if not their own
   * @throws TypeError or RangeError if `optimizer` is none, a setting is wrong, or training is to go on after
   *   `lastEpoch` and a group has no `initialLr`
   */
  constructor(optimizer: Optimizer<ScheduledOptions>, lastEpoch: number, settings: Settings, baseLrs?: number[]) {
    super(optimizer, lastEpoch, { ...settings, baseLrs: baseLrs ?? initialLrs(new.target.name, optimizer, lastEpoch) })
  }

  /** The options that the group is to have. */
  protected abstract optionsAt(at: GroupAtEpoch): ScheduledOptions

  /**
   * Sets the learning rates of the next epoch.
   *
   * @throws Error in a function that `compile` captures
   */
  step(): void {
    checkCount(`${this.constructor.name}.step`, arguments.length, 0)
    checkNotCaptured(`${this.constructor.name}.step()`)
    this.#advance(false)
  }

  /** Sets the learning rates of the first epoch. Every constructor must end with this. */
  protected start(): void {
    this.#advance(true)
    this.optimizer.paramGroups.forEach((group, i) => {
      group.initialLr = this.state.baseLrs[i]
    })
  }

  protected override checkSettings({ baseLrs }: EpochLRState): void {
    checkForGroups(this.constructor.name, 'baseLrs', baseLrs, this.optimizer)
  }

  // Nothing is set before all is computed: optionsAt may throw.
  #advance(isInitial: boolean): void {
    const groups = this.optimizer.paramGroups
    const epoch = this.lastEpoch + 1
    const options = groups.map((group, index) => this.optionsAt({ epoch, group, index, isInitial }))
    groups.forEach((group, i) => Object.assign(group, options[i]))
    this.state.lastEpoch = epoch
    this.state.lastLr = options.map(({ lr }) => lr)
  }
}

function initialLrs(where: string, optimizer: Optimizer<ScheduledOptions>, lastEpoch: number): number[] {
  checkOptimizer(where, optimizer)
  return optimizer.paramGroups.map(({ initialLr, lr }, i) => {
    if (initialLr === undefined && lastEpoch >= 0) {
      throw rangeError(where, `paramGroups[${i}].initialLr`, `set, to go on after epoch ${lastEpoch}`, initialLr)
    }
    return initialLr ?? lr
  })
}
