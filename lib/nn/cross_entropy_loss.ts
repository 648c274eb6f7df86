import { crossEntropy, type CrossEntropyOptions, type Reduction } from '../ops/cross_entropy.js'
import { checkInteger, checkNumber, checkOneOf, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
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
  readonly ignoreIndex: number
  readonly reduction: Reduction
  readonly labelSmoothing: number
  weight: Tensor | undefined

  /**
   * @throws TypeError or RangeError if an option is of the wrong kind or out of range
   */
  constructor(options?: CrossEntropyOptions) {
    super()
    const { weight, ...rest } = readOptions('CrossEntropyLoss', options, {
      weight: undefined,
      ignoreIndex: -100,
      reduction: 'mean',
      labelSmoothing: 0,
    } as Required<Omit<CrossEntropyOptions, 'weight'>> & { weight: Tensor | undefined })
    checkInteger('CrossEntropyLoss', 'ignoreIndex', rest.ignoreIndex)
    checkOneOf('CrossEntropyLoss', 'reduction', rest.reduction, ['mean', 'sum', 'none'])
    checkNumber('CrossEntropyLoss', 'labelSmoothing', rest.labelSmoothing)
    this.ignoreIndex = rest.ignoreIndex
    this.reduction = rest.reduction
    this.labelSmoothing = rest.labelSmoothing
    if (weight === undefined) return
    checkFloat('CrossEntropyLoss', 'weight', weight)
    this.registerBuffer('weight', weight)
  }

  /** The loss of these logits for these targets. */
  override forward(input: Tensor, target: Tensor): FloatTensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing })
  }
}
