import { checkCount } from '../check.js'
import {
  type BCEWithLogitsOptions,
  binaryCrossEntropyWithLogits,
  checkBCEWithLogitsOptions,
} from '../ops/binary_cross_entropy.js'
import type { Reduction } from '../ops/loss.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The cross entropy of yes-or-no targets `t` for logits `x`, element by element:
 * `-weight * (posWeight * t * log(s(x)) + (1 - t) * log(1 - s(x)))` with `s(x) = 1 / (1 + exp(-x))`.
 *
 * Shapes: input and target any, but the same. Output: a single number, or with `reduction: 'none'` the input's shape.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export class BCEWithLogitsLoss extends Module {
  /** What is made of the losses of the elements. */
  readonly reduction: Reduction
  /** What each loss is multiplied with: a buffer that broadcasts to the input's shape. Absent for 1. */
  weight: Tensor | undefined
  /** The option `posWeight`: a buffer, under its name in PyTorch's state dict. Absent for 1. */
  pos_weight: Tensor | undefined

  /**
   * @throws TypeError or RangeError if an option is of the wrong kind or out of range
   */
  constructor(options?: BCEWithLogitsOptions) {
    checkCount('BCEWithLogitsLoss', arguments.length, 1)
    super()
    const { weight, posWeight, reduction } = checkBCEWithLogitsOptions('BCEWithLogitsLoss', options)
    this.reduction = reduction
    if (weight !== undefined) this.registerBuffer('weight', weight)
    if (posWeight !== undefined) this.registerBuffer('pos_weight', posWeight)
  }

  /** The loss of these logits for these targets. */
  override forward(input: Tensor, target: Tensor): FloatTensor {
    checkCount('BCEWithLogitsLoss.forward', arguments.length, 2)
    const { weight, pos_weight: posWeight, reduction } = this
    return binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction })
  }
}
