import {
  checkBoolean,
  checkCount,
  checkInteger,
  checkNumber,
  checkOneOf,
  rangeError,
  readOptions,
} from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import { checkForGroups, forGroups, type ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type EpochLRState, type GroupAtEpoch } from './epoch_lr.js'

interface CommonOptions {
  /** The part of all steps in which the rate rises. Default: 0.3. */
  pctStart: number
  /** Whether the way up and down is half a cosine or a line. Default: 'cos'. */
  annealStrategy: 'cos' | 'linear'
  /** Whether the momentum (of Adam, the first of the betas) falls while the rate rises, and rises after. Default: true. */
  cycleMomentum: boolean
  /** Whether to fall to the initial rate as fast as it rose, and from there to the lowest one. Default: false. */
  threePhase: boolean
}

/** The options of {@link OneCycleLR}; `totalSteps` must be there, or both `epochs` and `stepsPerEpoch`. */
export interface OneCycleLROptions extends CommonOptions, EpochLROptions {
  /** How many steps there are in all. */
  totalSteps: number | undefined
  /** How many epochs there are, if `totalSteps` is absent. */
  epochs: number | undefined
  /** How many steps there are in an epoch, if `totalSteps` is absent. */
  stepsPerEpoch: number | undefined
  /** The momentum at the highest rate, for all groups or for each. Default: 0.85. */
  baseMomentum: number | readonly number[]
  /** The momentum at the first and the last step, for all groups or for each. Default: 0.95. */
  maxMomentum: number | readonly number[]
  /** How many times the first rate goes into the highest. Default: 25. */
  divFactor: number
  /** How many times the last rate goes into the first. Default: 1e4. */
  finalDivFactor: number
}

/** What {@link OneCycleLR} keeps beside its progress. */
export interface OneCycleLRSettings extends CommonOptions {
  /** How many steps there are in all. */
  totalSteps: number
  /** The highest rate of each group. */
  maxLrs: number[]
  /** The last rate of each group. */
  minLrs: number[]
  /** The momentum of each group at the first and the last step. */
  maxMomentums: number[]
  /** The momentum of each group at the highest rate. */
  baseMomentums: number[]
}

type Level = 'baseLrs' | 'maxLrs' | 'minLrs'
type MomentumLevel = 'maxMomentums' | 'baseMomentums'

/** A part of the cycle: its last step, which may lie between two, and from where to where rate and momentum go. */
interface Phase {
  readonly end: number
  readonly lr: readonly [Level, Level]
  readonly momentum: readonly [MomentumLevel, MomentumLevel]
}

const defaults: OneCycleLROptions = {
  totalSteps: undefined,
  epochs: undefined,
  stepsPerEpoch: undefined,
  pctStart: 0.3,
  annealStrategy: 'cos',
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
  lastEpoch: -1,
}

const NAME = 'OneCycleLR'

/**
 * Raises the learning rates from `maxLr / divFactor` to `maxLr` and lowers them to far below where they began, step by
 * step over all of the training, while the momentum does the opposite. To be stepped after every batch. The learning
 * rates and momenta that the optimizer had do not matter. `step()` throws a RangeError after `totalSteps` steps.
 *
 * @see Smith, Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2017,
 *   https://arxiv.org/abs/1708.07120
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 */
export class OneCycleLR extends EpochLR<OneCycleLRSettings> {
  /**
   * @param maxLr the highest rate, for all groups or for each
   * @throws TypeError or RangeError if an argument is of the wrong kind or out of range, or if the momentum is to be
   *   cycled and the optimizer has none
   */
  constructor(
    optimizer: Optimizer<ScheduledOptions>,
    maxLr: number | readonly number[],
    options?: Partial<OneCycleLROptions>,
  ) {
    checkCount('OneCycleLR', arguments.length, 3)
    const all = readOptions(NAME, options, defaults)
    const { pctStart, annealStrategy, cycleMomentum, threePhase, lastEpoch } = all
    for (const name of ['divFactor', 'finalDivFactor'] as const) {
      checkNumber(NAME, name, all[name])
      if (!(all[name] > 0)) throw rangeError(NAME, name, 'above 0', all[name])
    }
    const maxLrs = forGroups(NAME, 'maxLr', maxLr, optimizer)
    const baseLrs = maxLrs.map((lr) => lr / all.divFactor)
    const settings = {
      ...{ pctStart, annealStrategy, cycleMomentum, threePhase, maxLrs },
      totalSteps: totalStepsOf(all),
      minLrs: baseLrs.map((lr) => lr / all.finalDivFactor),
      maxMomentums: forGroups(NAME, 'maxMomentum', all.maxMomentum, optimizer),
      baseMomentums: forGroups(NAME, 'baseMomentum', all.baseMomentum, optimizer),
    }
    super(optimizer, lastEpoch, settings, lastEpoch === -1 ? baseLrs : undefined)
    this.start()
  }

  protected override optionsAt({ epoch, group, index }: GroupAtEpoch): ScheduledOptions {
    const { state } = this
    if (epoch > state.totalSteps) throw rangeError(NAME, 'the number of steps', `at most ${state.totalSteps}`, epoch)
    const { phase, progress } = progressAt(epoch, state)
    const between = ([from, to]: readonly [Level | MomentumLevel, Level | MomentumLevel]) =>
      anneal(state[from][index], state[to][index], progress, state.annealStrategy)
    // The step after the last goes past the lowest rate, along a line even below 0, and optimizers take no such rate.
    const lr = Math.max(between(phase.lr), 0)
    if (!state.cycleMomentum) return { lr }
    const momentum = between(phase.momentum)
    return group.betas === undefined ? { lr, momentum } : { lr, betas: [momentum, group.betas[1]] }
  }

  protected override checkSettings(settings: OneCycleLRSettings & EpochLRState): void {
    super.checkSettings(settings)
    const { totalSteps, pctStart, annealStrategy, cycleMomentum, threePhase } = settings
    checkInteger(NAME, 'totalSteps', totalSteps, 1)
    checkNumber(NAME, 'pctStart', pctStart)
    if (!(pctStart >= 0 && pctStart <= 1)) throw rangeError(NAME, 'pctStart', 'within [0, 1]', pctStart)
    checkOneOf(NAME, 'annealStrategy', annealStrategy, ['cos', 'linear'])
    checkBoolean(NAME, 'cycleMomentum', cycleMomentum)
    checkBoolean(NAME, 'threePhase', threePhase)
    for (const name of ['maxLrs', 'minLrs', 'maxMomentums', 'baseMomentums'] as const) {
      checkForGroups(NAME, name, settings[name], this.optimizer)
    }
    const hasMomentum = ({ betas, momentum }: ScheduledOptions) => betas !== undefined || momentum !== undefined
    if (cycleMomentum && !this.optimizer.paramGroups.every(hasMomentum)) {
      throw rangeError(NAME, 'optimizer', 'one with momentum or betas, to cycle them', this.optimizer)
    }
  }
}

function totalStepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (totalSteps !== undefined) return totalSteps
  if (epochs === undefined || stepsPerEpoch === undefined) {
    throw rangeError(NAME, 'options', 'with totalSteps, or with epochs and stepsPerEpoch', { epochs, stepsPerEpoch })
  }
  checkInteger(NAME, 'epochs', epochs, 1)
  checkInteger(NAME, 'stepsPerEpoch', stepsPerEpoch, 1)
  return epochs * stepsPerEpoch
}

function phasesOf({ totalSteps, pctStart, threePhase }: OneCycleLRSettings): Phase[] {
  const rise: Phase = {
    end: pctStart * totalSteps - 1,
    lr: ['baseLrs', 'maxLrs'],
    momentum: ['maxMomentums', 'baseMomentums'],
  }
  const fall = { end: totalSteps - 1, momentum: ['baseMomentums', 'maxMomentums'] } as const
  if (!threePhase) return [rise, { ...fall, lr: ['maxLrs', 'minLrs'] }]
  return [
    rise,
    { ...fall, end: 2 * pctStart * totalSteps - 2, lr: ['maxLrs', 'baseLrs'] },
    { end: totalSteps - 1, lr: ['baseLrs', 'minLrs'], momentum: ['maxMomentums', 'maxMomentums'] },
  ]
}

/** The phase of a step, and how much of it is over: 0 at its start, 1 at its end, more for a step after the last. */
function progressAt(step: number, settings: OneCycleLRSettings): { phase: Phase; progress: number } {
  const phases = phasesOf(settings)
  const found = phases.findIndex(({ end }) => step <= end)
  const number = found === -1 ? phases.length - 1 : found
  const start = number === 0 ? 0 : phases[number - 1].end
  const phase = phases[number]
  if (phase.end === start) {
    const { pctStart, totalSteps } = settings
    throw rangeError(NAME, 'pctStart', `such that no phase of ${totalSteps} steps starts where it ends`, pctStart)
  }
  return { phase, progress: (step - start) / (phase.end - start) }
}

function anneal(from: number, to: number, progress: number, strategy: 'cos' | 'linear'): number {
  if (strategy === 'linear') return (to - from) * progress + from
  return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1)
}
