import { checkBoolean, checkCount, checkNumber, readOptions } from '../check.js'
import { ones, zeros } from '../create.js'
import { checkNormalizedShape, layerNorm } from '../ops/layer_norm.js'
import type { Shape } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBoolean, pythonFloat, pythonTuple } from '../repr.js'

/** The options of {@link LayerNorm}. */
export interface LayerNormModuleOptions {
  /** What is added to the variance, so that a constant row does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
  /** Whether a scale and a shift are learned. Default: true. */
  elementwiseAffine?: boolean | undefined
  /** Whether a shift is learned; counts only with `elementwiseAffine`. Default: true. */
  bias?: boolean | undefined
}

/**
 * Layer normalisation: every sample on its own is brought to mean 0 and variance 1, then scaled and shifted,
 *
 *     y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias
 *
 * with mean and (biased) variance over the last dimensions, those of `normalizedShape`. The same in training and in
 * evaluation. Shapes: input and output (..., *normalizedShape); `weight` (ones at first) and `bias` (zeros)
 * `normalizedShape`.
 *
 * @see Ba, Kiros, Hinton, "Layer Normalization", 2016, https://arxiv.org/abs/1607.06450
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export class LayerNorm extends Module {
  /** The last dimensions of the input, over which it is normalised. */
  readonly normalizedShape: Shape
  /** What is added to the variance. */
  readonly eps: number
  /** The scale, of shape `normalizedShape`; absent without `elementwiseAffine`. */
  weight: Parameter | undefined
  /** The shift, of shape `normalizedShape`; absent without `elementwiseAffine` or `bias`. */
  bias: Parameter | undefined

  /**
   * @param normalizedShape the last dimensions of the input; a number stands for one dimension
   * @throws TypeError or RangeError if it is no shape of at least one dimension
   */
  constructor(normalizedShape: number | Shape, options?: LayerNormModuleOptions) {
    checkCount('LayerNorm', arguments.length, 2)
    super()
    const { eps, elementwiseAffine, bias } = readOptions('LayerNorm', options, {
      eps: 1e-5,
      elementwiseAffine: true,
      bias: true,
    })
    checkNumber('LayerNorm', 'eps', eps)
    checkBoolean('LayerNorm', 'elementwiseAffine', elementwiseAffine)
    checkBoolean('LayerNorm', 'bias', bias)
    this.normalizedShape = checkNormalizedShape('LayerNorm', normalizedShape)
    this.eps = eps
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : undefined
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : undefined
  }

  /**
   * @param input of shape (..., *normalizedShape)
   * @returns a tensor of the same shape
   * @throws TypeError if the input is not a float tensor, or not of the parameters' dtype
   * @throws RangeError if its shape does not fit
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('LayerNorm.forward', arguments.length, 1)
    const { weight, bias, eps } = this
    return layerNorm(input, this.normalizedShape, { weight, bias, eps })
  }

  override extraRepr(): string {
    const affine = `elementwise_affine=${pythonBoolean(this.weight !== undefined)}`
    const bias = `bias=${pythonBoolean(this.bias !== undefined)}`
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, ${affine}, ${bias}`
  }
}
