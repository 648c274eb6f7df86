import { checkCount } from '../check.js'
import { checkCrossEntropyOptions, crossEntropy, type CrossEntropyOptions } from '../ops/cross_entropy.js'
import type { Reduction } from '../ops/loss.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The cross entropy between the softmax of logits and the targets, `-log(softmax(input)[target])` for class indices.
 *
 * Shapes: input (C), (N, C) or (N, C, d1, ...); target the input's shape without C (int32 class indices) or all of it
 * (float class probabilities). Output: a single number, or with `reduction: 'none'` one for each target.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export class CrossEntropyLoss extends Module {
  /** A class index that counts for nothing. */
  readonly ignoreIndex: number
  /** What is made of the losses of the targets. */
  readonly reduction: Reduction
  /** How much of each target is spread evenly over all classes. */
  readonly labelSmoothing: number
  /** The weight of each class, of shape (C): a buffer. Absent if all count the same. */
  weight: Tensor | undefined

  /**
   * @throws TypeError or RangeError if an option is of the wrong kind or out of range
   */
  constructor(options?: CrossEntropyOptions) {
    checkCount('CrossEntropyLoss', arguments.length, 1)
    super()
    const { weight, ignoreIndex, reduction, labelSmoothing } = checkCrossEntropyOptions('CrossEntropyLoss', options)
    this.ignoreIndex = ignoreIndex
    this.reduction = reduction
    this.labelSmoothing = labelSmoothing
    if (weight !== undefined) this.registerBuffer('weight', weight)
  }

  /** The loss of these logits for these targets. */
  override forward(input: Tensor, target: Tensor): FloatTensor {
    checkCount('CrossEntropyLoss.forward', arguments.length, 2)
    const { weight, ignoreIndex, reduction, labelSmoothing } = this
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing })
  }
}
