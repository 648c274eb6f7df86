import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkCount, checkNumber, readOptions } from '../check.js'
import type { FloatDType } from '../dtype.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { type Shape, splitTrailing } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { checkNormalizedShape, checkParameter } from './layer_norm.js'

/** The options of {@link rmsNorm}. */
export interface RMSNormOptions {
  /** The scale, of shape `normalizedShape`. Default: none, as if all were 1. */
  weight?: Tensor | null | undefined
  /**
   * What is added to the mean of the squares, so that a row of zeros does not divide by zero. Default: the distance from
   * 1 to the next number of the input's dtype, 2^-23 for float32.
   */
  eps?: number | null | undefined
}

/** The distance from 1 to the next number. */
const EPSILON: Record<FloatDType, number> = { float32: 2 ** -23, float64: Number.EPSILON }

/**
 * Divides the last dimensions by their root mean square, then scales them:
 * `y = x / sqrt(mean(x^2) + eps) * weight`.
 *
 * @param input of shape (..., *normalizedShape)
 * @param normalizedShape the last dimensions of the input; a number stands for one dimension
 * @throws TypeError if a tensor is not of a float dtype, or their dtypes differ
 * @throws RangeError if the shapes do not fit
 * @see Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019, https://arxiv.org/abs/1910.07467
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html
 */
export function rmsNorm(input: Tensor, normalizedShape: number | Shape, options?: RMSNormOptions): FloatTensor {
  checkCount('rmsNorm', arguments.length, 3)
  const defaults: RMSNormOptions = { weight: undefined, eps: undefined }
  const { weight, eps: given } = readOptions('rmsNorm', options, defaults)
  checkFloat('rmsNorm', 'input', input)
  checkOptionalFloat('rmsNorm', 'weight', weight, input.dtype)
  const eps = given ?? EPSILON[input.dtype]
  checkNumber('rmsNorm', 'eps', eps)
  const trailing = checkNormalizedShape('rmsNorm', normalizedShape)
  const { rows, cols } = splitTrailing('rmsNorm', input.shape, trailing)
  checkParameter('rmsNorm', 'weight', weight, trailing)
  const compute = kernels(input.dtype)

  const y = Tensor.uninitialized(input.shape, input.dtype)
  const rstd = temporaryDoubles(rows)
  compute.rmsNormForward(y.elements, rstd, input.elements, weight?.elements, rows, cols, eps)

  return record({ name: 'rmsNorm', gradFn: 'MulBackward0' }, y, [input, weight], (dy) => {
    const [dx, dWeight] = gradientsFor(input, weight)
    compute.rmsNormBackward(
      dx?.elements,
      dWeight?.elements,
      dy.elements,
      input.elements,
      weight?.elements,
      rstd,
      rows,
      cols,
    )
    return [dx, dWeight]
  })
}
