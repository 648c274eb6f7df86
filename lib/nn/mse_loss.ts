import { checkCount } from '../check.js'
import type { Reduction } from '../ops/loss.js'
import { checkMSELossOptions, mseLoss, type MSELossOptions } from '../ops/mse_loss.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The squared differences `(input - target)^2`, element by element.
 *
 * Shapes: any two that broadcast, which are best the same. Output: a single number, or with `reduction: 'none'` one for
 * each difference.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 */
export class MSELoss extends Module {
  /** What is made of the squares. */
  readonly reduction: Reduction

  /**
   * @throws TypeError or RangeError if an option is of the wrong kind or out of range
   */
  constructor(options?: MSELossOptions) {
    checkCount('MSELoss', arguments.length, 1)
    super()
    this.reduction = checkMSELossOptions('MSELoss', options).reduction
  }

  /** The loss of these predictions for these targets. */
  override forward(input: Tensor, target: Tensor): FloatTensor {
    checkCount('MSELoss.forward', arguments.length, 2)
    return mseLoss(input, target, { reduction: this.reduction })
  }
}
