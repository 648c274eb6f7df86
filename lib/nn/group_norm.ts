import { checkBoolean, checkCount, checkInteger, checkNumber, rangeError, readOptions } from '../check.js'
import { ones, zeros } from '../create.js'
import { groupNorm } from '../ops/group_norm.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBoolean, pythonFloat } from '../repr.js'

/** The options of {@link GroupNorm}. */
export interface GroupNormModuleOptions {
  /** What is added to the variance, so that a constant group does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
  /** Whether a scale and a shift are learned. Default: true. */
  affine?: boolean | undefined
  /** Whether a shift is learned; counts only with `affine`. Default: true. */
  bias?: boolean | undefined
}

/**
 * Group normalisation: in every sample, every group of neighbouring channels is brought to mean 0 and variance 1, then
 * each channel is scaled and shifted,
 *
 *     y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias
 *
 * with mean and (biased) variance over a group. The same in training and in evaluation. Shapes: input and output (N, C)
 * or (N, C, d1, ...) with C = `numChannels`; `weight` (ones at first) and `bias` (zeros) (C).
 *
 * @see Wu, He, "Group Normalization", 2018, https://arxiv.org/abs/1803.08494
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 */
export class GroupNorm extends Module {
  /** How many groups the channels make. */
  readonly numGroups: number
  /** How many channels the input has. */
  readonly numChannels: number
  /** What is added to the variance. */
  readonly eps: number
  /** The scale, of shape (C); absent without `affine`. */
  weight: Parameter | undefined
  /** The shift, of shape (C); absent without `affine` or `bias`. */
  bias: Parameter | undefined

  /**
   * @throws TypeError or RangeError if a number is not an integer, `numGroups` is not at least 1, or does not divide
   *   `numChannels`
   */
  constructor(numGroups: number, numChannels: number, options?: GroupNormModuleOptions) {
    checkCount('GroupNorm', arguments.length, 3)
    super()
    checkInteger('GroupNorm', 'numGroups', numGroups, 1)
    checkInteger('GroupNorm', 'numChannels', numChannels, 0)
    if (numChannels % numGroups !== 0) {
      throw rangeError('GroupNorm', 'numChannels', `divisible by numGroups ${numGroups}`, numChannels)
    }
    const { eps, affine, bias } = readOptions('GroupNorm', options, { eps: 1e-5, affine: true, bias: true })
    checkNumber('GroupNorm', 'eps', eps)
    checkBoolean('GroupNorm', 'affine', affine)
    checkBoolean('GroupNorm', 'bias', bias)
    this.numGroups = numGroups
    this.numChannels = numChannels
    this.eps = eps
    this.weight = affine ? new Parameter(ones([numChannels])) : undefined
    this.bias = affine && bias ? new Parameter(zeros([numChannels])) : undefined
  }

  override forward(input: Tensor): FloatTensor {
    checkCount('GroupNorm.forward', arguments.length, 1)
    const { weight, bias, eps } = this
    return groupNorm(input, this.numGroups, { weight, bias, eps })
  }

  override extraRepr(): string {
    const affine = `affine=${pythonBoolean(this.weight !== undefined)}`
    const bias = `bias=${pythonBoolean(this.bias !== undefined)}`
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonFloat(this.eps)}, ${affine}, ${bias}`
  }
}
