import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkCount, checkInteger, checkNumber, rangeError, readOptions } from '../check.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { checkChannels, checkPerChannel } from './channels.js'

/** The options of {@link groupNorm}. */
export interface GroupNormOptions {
  /** The scale of each channel, of shape (C). Default: none, as if all were 1. */
  weight?: Tensor | null | undefined
  /** The shift of each channel, of shape (C). Default: none, as if all were 0. */
  bias?: Tensor | null | undefined
  /** What is added to the variance, so that a constant group does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
}

const where = 'groupNorm'

const defaults = { weight: undefined as Tensor | undefined, bias: undefined as Tensor | undefined, eps: 1e-5 }

/**
 * Normalises groups of neighbouring channels, each sample on its own, then scales and shifts each channel:
 * `y = (x - mean) / sqrt(var + eps) * weight + bias`, with mean and biased variance over a group.
 *
 * @param input of shape (N, C) or (N, C, d1, ...)
 * @param numGroups how many groups the channels make, all of the same size
 * @throws TypeError if a tensor is not of a float dtype, or their dtypes differ
 * @throws RangeError if the channels cannot be divided into `numGroups` groups, the shapes do not fit, or a single
 *   sample has a single value in each group
 * @see Wu, He, "Group Normalization", 2018, https://arxiv.org/abs/1803.08494
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
 */
export function groupNorm(input: Tensor, numGroups: number, options?: GroupNormOptions): FloatTensor {
  checkCount(where, arguments.length, 3)
  const { weight, bias, eps } = readOptions(where, options, defaults)
  checkFloat(where, 'input', input)
  checkInteger(where, 'numGroups', numGroups, 1)
  const { outer, channels, inner } = checkChannels(where, input)
  if (channels % numGroups !== 0) throw rangeError(where, 'input', `of channels that ${numGroups} divides`, input)
  checkOptionalFloat(where, 'weight', weight, input.dtype)
  checkOptionalFloat(where, 'bias', bias, input.dtype)
  checkPerChannel(where, input, { weight, bias })
  checkNumber(where, 'eps', eps)
  // As PyTorch, which lets single values pass in a batch of several samples.
  if (Math.floor((outer * channels) / numGroups) * inner === 1) {
    throw rangeError(where, 'input', 'of more than 1 value per group', input)
  }
  const compute = kernels(input.dtype)

  const y = Tensor.uninitialized(input.shape, input.dtype)
  const [mean, rstd] = [temporaryDoubles(outer * numGroups), temporaryDoubles(outer * numGroups)]
  compute.groupNormForward(
    y.elements,
    mean,
    rstd,
    input.elements,
    weight?.elements,
    bias?.elements,
    outer,
    channels,
    inner,
    numGroups,
    eps,
  )

  return record({ name: where, gradFn: 'NativeGroupNormBackward0' }, y, [input, weight, bias], (dy) => {
    const [dx, dWeight, dBias] = gradientsFor(input, weight, bias)
    compute.groupNormBackward(
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
      numGroups,
    )
    return [dx, dWeight, dBias]
  })
}
