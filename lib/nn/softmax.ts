import { checkCount, checkInteger } from '../check.js'
import { softmax } from '../ops/softmax.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The softmax along a dimension, `exp(x) / sum(exp(x))`. Any shape that has the dimension; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 */
export class Softmax extends Module {
  /** The dimension along which the results sum to 1; counted from the end if negative. */
  readonly dim: number

  /**
   * @throws TypeError or RangeError if `dim` is not an integer
   */
  constructor(dim: number) {
    checkCount('Softmax', arguments.length, 1)
    super()
    checkInteger('Softmax', 'dim', dim)
    this.dim = dim
  }

  override forward(input: Tensor): FloatTensor {
    checkCount('Softmax.forward', arguments.length, 1)
    return softmax(input, this.dim)
  }

  override extraRepr(): string {
    return `dim=${this.dim}`
  }
}
