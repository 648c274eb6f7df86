import { checkBoolean, checkCount, checkInteger, readOptions } from '../check.js'
import { zeros } from '../create.js'
import { linear } from '../ops/linear.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { kaimingUniform, uniform } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBoolean } from '../repr.js'

/** The options of {@link Linear}. */
export interface LinearOptions {
  /** Whether a bias is learned and added. Default: true. */
  bias?: boolean | undefined
}

/**
 * An affine map of the last dimension: `y = x W^T + b`.
 *
 * Shapes: input (..., inFeatures), output (..., outFeatures); `weight` (outFeatures, inFeatures), `bias` (outFeatures).
 * Both begin evenly distributed over [-k, k) with `k = 1 / sqrt(inFeatures)`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear extends Module {
  /** The length of the input's last dimension. */
  readonly inFeatures: number
  /** The length of the output's last dimension. */
  readonly outFeatures: number
  /** W, of shape (outFeatures, inFeatures). */
  weight: Parameter
  /** b, of shape (outFeatures); absent with `bias: false`. */
  bias: Parameter | undefined

  /**
   * @throws TypeError or RangeError if a number of features is not an integer of at least 0
   */
  constructor(inFeatures: number, outFeatures: number, options?: LinearOptions) {
    checkCount('Linear', arguments.length, 3)
    super()
    checkInteger('Linear', 'inFeatures', inFeatures, 0)
    checkInteger('Linear', 'outFeatures', outFeatures, 0)
    const { bias } = readOptions('Linear', options, { bias: true })
    checkBoolean('Linear', 'bias', bias)
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = new Parameter(zeros([outFeatures, inFeatures]))
    this.bias = bias ? new Parameter(zeros([outFeatures])) : undefined
    this.resetParameters()
  }

  /** Draws the weight and the bias anew, in PyTorch's order. */
  resetParameters(): void {
    checkCount('resetParameters', arguments.length, 0)
    // A slope of sqrt(5) makes the bound of the weight 1 / sqrt(inFeatures), which is that of the bias.
    kaimingUniform(this.weight, { a: Math.sqrt(5) })
    if (this.bias === undefined) return
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0
    // Not -bound: without inputs, the bias is 0 and not -0.
    uniform(this.bias, 0 - bound, bound)
  }

  /**
   * @param input of shape (..., inFeatures)
   * @returns a tensor of shape (..., outFeatures)
   * @throws TypeError if the input is not a float tensor, or not of the parameters' dtype
   * @throws RangeError if its shape does not fit
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('Linear.forward', arguments.length, 1)
    return linear(input, this.weight, this.bias)
  }

  override extraRepr(): string {
    const { inFeatures, outFeatures, bias } = this
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${pythonBoolean(bias !== undefined)}`
  }
}
