import { checkBoolean, checkCount, checkNumber, readOptions } from '../check.js'
import { ones } from '../create.js'
import { checkNormalizedShape } from '../ops/layer_norm.js'
import { rmsNorm } from '../ops/rms_norm.js'
import type { Shape } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBoolean, pythonFloat, pythonTuple } from '../repr.js'

/** The options of {@link RMSNorm}. */
export interface RMSNormModuleOptions {
  /** What is added to the mean of the squares. Default: 2^-23 for float32, the distance from 1 to the next number. */
  eps?: number | null | undefined
  /** Whether a scale is learned. Default: true. */
  elementwiseAffine?: boolean | undefined
}

/**
 * Normalisation by the root mean square: every sample on its own is divided by it, then scaled,
 *
 *     y = x / sqrt(mean(x^2) + eps) * weight
 *
 * with the mean over the last dimensions, those of `normalizedShape`. The same in training and in evaluation. Shapes:
 * input and output (..., *normalizedShape); `weight` (ones at first) `normalizedShape`.
 *
 * @see Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019, https://arxiv.org/abs/1910.07467
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 */
export class RMSNorm extends Module {
  /** The last dimensions of the input, over which it is normalised. */
  readonly normalizedShape: Shape
  /** What is added to the mean of the squares; absent for the smallest step from 1 in the input's dtype. */
  readonly eps: number | undefined
  /** The scale, of shape `normalizedShape`; absent without `elementwiseAffine`. */
  weight: Parameter | undefined

  /**
   * @param normalizedShape the last dimensions of the input; a number stands for one dimension
   * @throws TypeError or RangeError if it is no shape of at least one dimension
   */
  constructor(normalizedShape: number | Shape, options?: RMSNormModuleOptions) {
    checkCount('RMSNorm', arguments.length, 2)
    super()
    const defaults = { eps: undefined as number | undefined, elementwiseAffine: true }
    const { eps, elementwiseAffine } = readOptions('RMSNorm', options, defaults)
    if (eps !== undefined) checkNumber('RMSNorm', 'eps', eps)
    checkBoolean('RMSNorm', 'elementwiseAffine', elementwiseAffine)
    this.normalizedShape = checkNormalizedShape('RMSNorm', normalizedShape)
    this.eps = eps
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : undefined
  }

  override forward(input: Tensor): FloatTensor {
    checkCount('RMSNorm.forward', arguments.length, 1)
    const { weight, eps } = this
    return rmsNorm(input, this.normalizedShape, { weight, eps })
  }

  override extraRepr(): string {
    const eps = this.eps === undefined ? 'None' : pythonFloat(this.eps)
    const affine = `elementwise_affine=${pythonBoolean(this.weight !== undefined)}`
    return `${pythonTuple(this.normalizedShape)}, eps=${eps}, ${affine}`
  }
}
