import { checkCount, checkFunction, checkNumber, rangeError, readOptions, typeError } from '../../check.js'
import type { Optimizer } from '../../optim/optimizer.js'
import type { ScheduledOptions } from './base.js'
import { EpochLR, type EpochLROptions, type GroupAtEpoch } from './epoch_lr.js'

/** The factor of the initial learning rate at an epoch, the first of which is 0. */
export type LRLambda = (epoch: number) => number

/**
 * Sets the learning rates to the initial ones, times what a function says of the epoch:
 * `lr = initialLr * lrLambda(epoch)`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export class LambdaLR extends EpochLR<object> {
  readonly #lambdas: readonly LRLambda[]

  /**
   * @param lrLambda the function, or one for each group
   * @throws TypeError or RangeError if an argument is of the wrong kind, or there are more or fewer functions than groups
   */
  constructor(
    optimizer: Optimizer<ScheduledOptions>,
    lrLambda: LRLambda | readonly LRLambda[],
    options?: Partial<EpochLROptions>,
  ) {
    checkCount('LambdaLR', arguments.length, 3)
    const { lastEpoch } = readOptions('LambdaLR', options, { lastEpoch: -1 })
    super(optimizer, lastEpoch, {})
    this.#lambdas = lambdasOf(lrLambda, optimizer.paramGroups.length)
    this.start()
  }

  protected override optionsAt({ epoch, index }: GroupAtEpoch): ScheduledOptions {
    const factor: unknown = this.#lambdas[index](epoch)
    checkNumber('LambdaLR', `what lrLambda returns for epoch ${epoch}`, factor)
    return { lr: this.state.baseLrs[index] * factor }
  }
}

function lambdasOf(lrLambda: LRLambda | readonly LRLambda[], groups: number): readonly LRLambda[] {
  if (typeof lrLambda === 'function') return Array<LRLambda>(groups).fill(lrLambda)
  const given: unknown = lrLambda
  if (!Array.isArray(given)) throw typeError('LambdaLR', 'lrLambda', 'a function or an array of functions', given)
  Array.from<unknown>(lrLambda).forEach((lambda, i) => checkFunction('LambdaLR', `lrLambda[${i}]`, lambda))
  if (lrLambda.length === groups) return [...lrLambda]
  throw rangeError('LambdaLR', 'lrLambda', `of one function for each of ${groups} groups`, lrLambda)
}
