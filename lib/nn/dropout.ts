import { checkCount, readOptions } from '../check.js'
import { checkProbability, dropout } from '../ops/dropout.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'
import { pythonFloat } from '../repr.js'

/** The options of {@link Dropout}. */
export interface DropoutModuleOptions {
  /** The probability of each element to become 0. Default: 0.5. */
  p?: number | undefined
}

/**
 * Zeroes elements at random, each with probability `p`, and multiplies the others with `1 / (1 - p)`; in evaluation mode
 * it does nothing. Any shape; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends Module {
  /** The probability of each element to become 0. */
  readonly p: number

  /**
   * @throws TypeError if `p` is not a number, RangeError if it is not from 0 to 1
   */
  constructor(options?: DropoutModuleOptions) {
    checkCount('Dropout', arguments.length, 1)
    super()
    const { p } = readOptions('Dropout', options, { p: 0.5 })
    checkProbability('Dropout', p)
    this.p = p
  }

  override forward(input: Tensor): FloatTensor {
    checkCount('Dropout.forward', arguments.length, 1)
    return dropout(input, { p: this.p, training: this.training })
  }

  override extraRepr(): string {
    return `p=${pythonFloat(this.p)}, inplace=False`
  }
}
