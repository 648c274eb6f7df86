import { checkCount, checkInteger, checkNumber, rangeError, typeError } from '../../check.js'
import { Optimizer } from '../../optim/optimizer.js'

/** The options of a parameter group that schedulers set. */
export interface ScheduledOptions {
  /** The learning rate. */
  lr: number
  /** The momentum, of optimizers that have one. */
  momentum?: number
  /** The decay rates of optimizers that have them, such as Adam. */
  betas?: readonly [number, number]
}

/** What every scheduler keeps, beside its own settings: plain data, as JSON can hold. */
export interface SchedulerState {
  /** How many times `step()` has been called. */
  lastEpoch: number
  /** The learning rate of each group since then. */
  lastLr: number[]
}

/**
 * The base of all schedulers: what changes the learning rates of an optimizer's groups as training goes on.
 *
 * @see https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export abstract class LRScheduler<Settings extends object = object> {
  /** Whose groups have their learning rates set. */
  readonly optimizer: Optimizer<ScheduledOptions>

  /** Settings and progress; all that {@link stateDict} holds. */
  protected state: Settings & SchedulerState

  /** @throws TypeError or RangeError if `optimizer` is none, or a setting is wrong */
  constructor(optimizer: Optimizer<ScheduledOptions>, lastEpoch: number, settings: Settings) {
    checkOptimizer(new.target.name, optimizer)
    this.optimizer = optimizer
    this.state = { ...settings, lastEpoch, lastLr: ratesOf(optimizer) }
    this.#check(this.state)
  }

  /** How many times `step()` has been called; what is called an epoch may as well be a batch. */
  get lastEpoch(): number {
    return this.state.lastEpoch
  }

  /** The learning rate of each group, as it was set last. */
  getLastLr(): number[] {
    checkCount(`${this.constructor.name}.getLastLr`, arguments.length, 0)
    return [...this.state.lastLr]
  }

  /** A copy of all that is needed to go on later, as plain data that JSON can hold. Functions are not in it. */
  stateDict(): Settings & SchedulerState {
    checkCount(`${this.constructor.name}.stateDict`, arguments.length, 0)
    return structuredClone(this.state)
  }

  /**
   * Takes over `dict`, as of {@link stateDict} of the same kind of scheduler. The learning rates themselves are in the
   * state of the optimizer.
   *
   * @throws TypeError or RangeError if it is of another kind, of another number of groups, or out of range; nothing has
   *   changed then
   */
  loadStateDict(dict: Settings & SchedulerState): void {
    checkCount(`${this.constructor.name}.loadStateDict`, arguments.length, 1)
    const name = this.constructor.name
    if (typeof dict !== 'object' || dict === null) throw typeError(name, 'dict', 'what stateDict() returns', dict)
    const expected = Object.keys(this.state).sort()
    const given = Object.keys(dict).sort()
    if (String(given) !== String(expected)) throw rangeError(name, 'dict', `of the keys ${String(expected)}`, given)
    this.#check(dict)
    this.state = structuredClone(dict)
  }

  /** Rejects settings that are of the wrong kind or out of range. */
  protected abstract checkSettings(settings: Settings): void

  #check(state: Settings & SchedulerState): void {
    const name = this.constructor.name
    checkInteger(name, 'lastEpoch', state.lastEpoch, -1)
    checkForGroups(name, 'lastLr', state.lastLr, this.optimizer)
    this.checkSettings(state)
  }
}

/** Rejects what is not an optimizer. */
export function checkOptimizer(where: string, value: unknown): asserts value is Optimizer<ScheduledOptions> {
  if (!(value instanceof Optimizer)) throw typeError(where, 'optimizer', 'an optimizer', value)
}

/** The learning rate of each group. */
export function ratesOf({ paramGroups }: Optimizer<ScheduledOptions>): number[] {
  return paramGroups.map(({ lr }) => lr)
}

/** Rejects what is not an array of one number for each group. */
export function checkForGroups(
  where: string,
  argument: string,
  values: unknown,
  { paramGroups }: Optimizer<ScheduledOptions>,
): asserts values is readonly number[] {
  if (!Array.isArray(values)) throw typeError(where, argument, 'an array of numbers', values)
  Array.from<unknown>(values).forEach((value, i) => checkNumber(where, `${argument}[${i}]`, value))
  if (values.length === paramGroups.length) return
  throw rangeError(where, argument, `of one number for each of ${paramGroups.length} groups`, values)
}

/** One number for each group: those given, or the one given, as often as there are groups. */
export function forGroups(
  where: string,
  argument: string,
  value: number | readonly number[],
  optimizer: Optimizer<ScheduledOptions>,
): number[] {
  checkOptimizer(where, optimizer)
  if (typeof value === 'number') return optimizer.paramGroups.map(() => value)
  checkForGroups(where, argument, value, optimizer)
  return [...value]
}
