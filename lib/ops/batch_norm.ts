import { gradientsFor, needsGrad, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkAtLeast, checkBoolean, checkCount, checkNumber, rangeError, readOptions, typeError } from '../check.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { sameShape, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { checkChannels, checkPerChannel } from './channels.js'
import { reshape } from './reshape.js'

/** The options of {@link batchNorm}. */
export interface BatchNormOptions {
  /** The scale of each channel, of shape (C). Default: none, as if all were 1. */
  weight?: Tensor | null | undefined
  /** The shift of each channel, of shape (C). Default: none, as if all were 0. */
  bias?: Tensor | null | undefined
  /** Whether to normalise by the statistics of the input, and to let the running ones follow. Default: false. */
  training?: boolean | undefined
  /** How far the running statistics move towards those of the input, from 0 to 1. Default: 0.1. */
  momentum?: number | undefined
  /** What is added to the variance, so that a constant channel does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
}

const where = 'batchNorm'

const defaults = {
  weight: undefined as Tensor | undefined,
  bias: undefined as Tensor | undefined,
  training: false,
  momentum: 0.1,
  eps: 1e-5,
}

/**
 * Normalises each channel over the batch, then scales and shifts it:
 * `y = (x - mean) / sqrt(var + eps) * weight + bias`.
 *
 * In training, `mean` and the biased `var` are those of the input, and the running statistics, if given, are changed in
 * place, also under `noGrad`: `running = (1 - momentum) * running + momentum * batch`, with the unbiased variance.
 * Otherwise `mean` and `var` are the running statistics, which stay as they are.
 *
 * @param input of shape (N, C) or (N, C, d1, ...); one of shape (0) has no channels
 * @param runningMean of shape (C); `null` or `undefined`, together with `runningVar`, in training and for no elements
 * @param runningVar of shape (C)
 * @throws TypeError if a tensor is not of a float dtype, their dtypes differ, or a running statistic wants a gradient
 * @throws RangeError if the shapes do not fit, only one running statistic is given, or none where they are needed;
 *   in training also if there is a single value per channel, or `eps` is not positive. The running statistics stay then
 * @see Ioffe, Szegedy, "Batch Normalization", 2015, https://arxiv.org/abs/1502.03167
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
 */
export function batchNorm(
  input: Tensor,
  runningMean: Tensor | null | undefined,
  runningVar: Tensor | null | undefined,
  options?: BatchNormOptions,
): FloatTensor {
  checkCount(where, arguments.length, 4)
  const { weight, bias, training, momentum, eps } = readOptions(where, options, defaults)
  checkFloat(where, 'input', input)
  if (sameShape(input.shape, [0])) {
    return reshape(batchNorm(reshape(input, [0, 0]), runningMean, runningVar, options), input.shape)
  }
  const { outer, channels, inner } = checkChannels(where, input)
  checkOptionalFloat(where, 'weight', weight, input.dtype)
  checkOptionalFloat(where, 'bias', bias, input.dtype)
  checkBoolean(where, 'training', training)
  checkNumber(where, 'momentum', momentum)
  checkAtLeast(where, 'eps', eps, 0)
  if (training) checkTraining(input, eps)
  const running = checkRunning(input, runningMean, runningVar, training)
  checkPerChannel(where, input, { weight, bias, runningMean: running.mean, runningVar: running.variance })
  const compute = kernels(input.dtype)
  // Outside of training, an input of no elements needs no running statistics.
  const byInput = training || !running.mean

  const y = Tensor.uninitialized(input.shape, input.dtype)
  const [mean, rstd] = [temporaryDoubles(channels), temporaryDoubles(channels)]
  compute.batchNormForward(
    y.elements,
    mean,
    rstd,
    running.mean?.elements,
    running.variance?.elements,
    input.elements,
    weight?.elements,
    bias?.elements,
    Float64Array.of(momentum),
    outer,
    channels,
    inner,
    eps,
    byInput,
  )

  return record({ name: where, gradFn: 'NativeBatchNormBackward0' }, y, [input, weight, bias], (dy) => {
    const [dx, dWeight, dBias] = gradientsFor(input, weight, bias)
    compute.batchNormBackward(
      dx?.elements,
      dWeight?.elements,
      dBias?.elements,
      dy.elements,
      input.elements,
      weight?.elements,
      mean,
      rstd,
      outer,
      channels,
      inner,
      byInput,
    )
    return [dx, dWeight, dBias]
  })
}

function checkTraining(input: Tensor, eps: number): void {
  if (eps === 0) throw rangeError(where, 'eps', 'positive in training', eps)
  if (input.shape[0] * sizeOf(input.shape, 2) === 1) {
    throw rangeError(where, 'input', 'of more than 1 value per channel in training', input)
  }
}

function checkRunning(
  input: FloatTensor,
  meanGiven: Tensor | null | undefined,
  varianceGiven: Tensor | null | undefined,
  training: boolean,
): { mean: FloatTensor | undefined; variance: FloatTensor | undefined } {
  const [mean, variance] = [meanGiven ?? undefined, varianceGiven ?? undefined]
  checkOptionalFloat(where, 'runningMean', mean, input.dtype)
  checkOptionalFloat(where, 'runningVar', variance, input.dtype)
  for (const [name, statistic] of Object.entries({ runningMean: meanGiven, runningVar: varianceGiven })) {
    if (!statistic && !(mean === variance && (training || input.size === 0))) {
      const expected = training ? 'given together with the other running statistic' : 'given outside of training'
      throw rangeError(where, name, expected, statistic)
    }
    if (statistic && needsGrad(statistic)) throw typeError(where, name, 'a tensor that requires no gradient', statistic)
  }
  return { mean, variance }
}
