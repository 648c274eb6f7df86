import { kernels } from '../backend/index.js'
import { checkBoolean, checkCount, checkNumber, rangeError, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
import { engineState } from '../random.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { div, mul } from './arithmetic.js'

/** The options of {@link dropout}. */
export interface DropoutOptions {
  /** The probability of each element to become 0. Default: 0.5. */
  p?: number | undefined
  /** Whether to drop anything at all. Default: true. */
  training?: boolean | undefined
}

/**
 * Zeroes elements at random, each with probability `p`, and multiplies the others with `1 / (1 - p)`. Any shape; the
 * output has the same.
 *
 * Draws from the stream that `manualSeed` begins, one number an element; with `p` of 0 or 1, none. The same seed gives
 * the mask that PyTorch gives, but for PyTorch on processors of Intel, where MKL draws it.
 *
 * @returns `x` itself if nothing is to be dropped: `training` is false, `p` is 0, or there are no elements
 * @throws TypeError if an argument is of the wrong kind
 * @throws RangeError if `p` is not from 0 to 1
 * @throws Error if a compiled function draws from the stream on another thread
 * @see Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors", 2012,
 * https://arxiv.org/abs/1207.0580
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export function dropout(x: Tensor, options?: DropoutOptions): FloatTensor {
  checkCount('dropout', arguments.length, 2)
  checkFloat('dropout', 'input', x)
  const { p, training } = readOptions('dropout', options, { p: 0.5, training: true })
  checkProbability('dropout', p)
  checkBoolean('dropout', 'training', training)
  if (!training || p === 0 || x.size === 0) return x
  if (p === 1) return mul(x, 0)
  const kept = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).bernoulli(kept.elements, engineState(), x.size, 1 - p)
  return mul(x, div(kept, 1 - p))
}

/** Rejects what is no probability of dropping an element. */
export function checkProbability(where: string, p: unknown): asserts p is number {
  checkNumber(where, 'p', p)
  if (!(p >= 0 && p <= 1)) throw rangeError(where, 'p', 'from 0 to 1', p)
}
