import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkCount, checkNumber, rangeError, readOptions, typeError } from '../check.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { checkShape, formatShape, sameShape, type Shape, splitTrailing } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** The scale, of shape `normalizedShape`. Default: none, as if all were 1. */
  weight?: Tensor | null | undefined
  /** The shift, of shape `normalizedShape`. Default: none, as if all were 0. */
  bias?: Tensor | null | undefined
  /** What is added to the variance, so that a constant row does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
}

const defaults = { weight: undefined as Tensor | undefined, bias: undefined as Tensor | undefined, eps: 1e-5 }

/**
 * Normalises the last dimensions to mean 0 and variance 1, then scales and shifts them:
 * `y = (x - mean) / sqrt(var + eps) * weight + bias`, with the biased variance.
 *
 * @param input of shape (..., *normalizedShape)
 * @param normalizedShape the last dimensions of the input; a number stands for one dimension
 * @throws TypeError if a tensor is not of a float dtype, or their dtypes differ
 * @throws RangeError if the shapes do not fit
 * @see Ba, Kiros, Hinton, "Layer Normalization", 2016, https://arxiv.org/abs/1607.06450
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
 */
export function layerNorm(input: Tensor, normalizedShape: number | Shape, options?: LayerNormOptions): FloatTensor {
  checkCount('layerNorm', arguments.length, 3)
  const { weight, bias, eps } = readOptions('layerNorm', options, defaults)
  checkFloat('layerNorm', 'input', input)
  checkOptionalFloat('layerNorm', 'weight', weight, input.dtype)
  checkOptionalFloat('layerNorm', 'bias', bias, input.dtype)
  checkNumber('layerNorm', 'eps', eps)
  const trailing = checkNormalizedShape('layerNorm', normalizedShape)
  const { rows, cols } = splitTrailing('layerNorm', input.shape, trailing)
  checkParameter('layerNorm', 'weight', weight, trailing)
  checkParameter('layerNorm', 'bias', bias, trailing)
  const compute = kernels(input.dtype)

  const y = Tensor.uninitialized(input.shape, input.dtype)
  const mean = temporaryDoubles(rows)
  const rstd = temporaryDoubles(rows)
  compute.layerNormForward(y.elements, mean, rstd, input.elements, weight?.elements, bias?.elements, rows, cols, eps)

  return record({ name: 'layerNorm', gradFn: 'NativeLayerNormBackward0' }, y, [input, weight, bias], (dy) => {
    const [dx, dWeight, dBias] = gradientsFor(input, weight, bias)
    compute.layerNormBackward(
      dx?.elements,
      dWeight?.elements,
      dBias?.elements,
      dy.elements,
      input.elements,
      weight?.elements,
      mean,
      rstd,
      rows,
      cols,
    )
    return [dx, dWeight, dBias]
  })
}

/** Checks a `normalizedShape` that a caller passed; a number stands for one dimension. */
export function checkNormalizedShape(where: string, normalizedShape: unknown): Shape {
  const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape
  if (!Array.isArray(shape)) throw typeError(where, 'normalizedShape', 'a number or an array of integers', shape)
  const checked = checkShape(where, 'normalizedShape', shape)
  if (checked.length === 0) throw rangeError(where, 'normalizedShape', 'of one dimension at least', normalizedShape)
  return checked
}

/** Checks that a scale or a shift, if there is one, is of `normalizedShape`. */
export function checkParameter(
  where: string,
  name: string,
  parameter: FloatTensor | undefined,
  normalizedShape: Shape,
): void {
  if (parameter === undefined || sameShape(parameter.shape, normalizedShape)) return
  throw rangeError(where, name, `of normalizedShape ${formatShape(normalizedShape)}`, parameter)
}
