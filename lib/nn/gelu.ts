import { checkCount } from '../check.js'
import { checkGeluOptions, gelu, type GeluOptions } from '../ops/gelu.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The Gaussian error linear unit `x * P(x)`, element by element, where `P` is the distribution function of the standard
 * normal distribution, or with `approximate: 'tanh'` an approximation of it. Any shape; the output has the same.
 *
 * @see Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016, https://arxiv.org/abs/1606.08415
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html
 */
export class GELU extends Module {
  /** `tanh` takes an approximation of the distribution function. */
  readonly approximate: 'none' | 'tanh'

  /**
   * @throws TypeError or RangeError if `approximate` is neither `none` nor `tanh`
   */
  constructor(options?: GeluOptions) {
    checkCount('GELU', arguments.length, 1)
    super()
    this.approximate = checkGeluOptions('GELU', options).approximate
  }

  override forward(input: Tensor): FloatTensor {
    checkCount('GELU.forward', arguments.length, 1)
    return gelu(input, { approximate: this.approximate })
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`
  }
}
