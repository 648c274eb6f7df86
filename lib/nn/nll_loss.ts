import { checkCount } from '../check.js'
import type { Reduction } from '../ops/loss.js'
import { checkNLLLossOptions, nllLoss, type NLLLossOptions } from '../ops/nll_loss.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The negative log likelihood of the target classes, `-weight[target] * input[target]`.
 *
 * Shapes: input (C), (N, C) or (N, C, d1, ...), log probabilities; target the input's shape without C (int32 class
 * indices). Output: a single number, or with `reduction: 'none'` one for each target.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export class NLLLoss extends Module {
  /** A class index that counts for nothing. */
  readonly ignoreIndex: number
  /** What is made of the losses of the targets. */
  readonly reduction: Reduction
  /** The weight of each class, of shape (C): a buffer. Absent if all count the same. */
  weight: Tensor | undefined

  /**
   * @throws TypeError or RangeError if an option is of the wrong kind or out of range
   */
  constructor(options?: NLLLossOptions) {
    checkCount('NLLLoss', arguments.length, 1)
    super()
    const { weight, ignoreIndex, reduction } = checkNLLLossOptions('NLLLoss', options)
    this.ignoreIndex = ignoreIndex
    this.reduction = reduction
    if (weight !== undefined) this.registerBuffer('weight', weight)
  }

  /** The loss of these log probabilities for these targets. */
  override forward(input: Tensor, target: Tensor): FloatTensor {
    checkCount('NLLLoss.forward', arguments.length, 2)
    const { weight, ignoreIndex, reduction } = this
    return nllLoss(input, target, { weight, ignoreIndex, reduction })
  }
}
