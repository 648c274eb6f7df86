/**
 * Helpers for training, as in PyTorch's `torch.nn.utils`.
 *
 * @module utils
 */
import { checkAtLeast, checkBoolean, checkCount, checkNumber, rangeError, readOptions, typeError } from '../check.js'
import { checkFloat, checkTensor } from '../operand.js'
import { totalNorm } from '../ops/norm.js'
import { add, div, sub } from '../ops/arithmetic.js'
import { relu } from '../ops/relu.js'
import { scaleInPlace } from '../ops/scale.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The options of {@link clipGradNorm}. */
export interface ClipGradNormOptions {
  /** The p of the p-norm; `Infinity` for the largest magnitude. Default: 2. */
  normType?: number
  /** Whether a norm that is infinite or NaN is an error. Default: false. */
  errorIfNonfinite?: boolean
}

/**
 * Scales the gradients of `params` down, in place, so that their norm is at most `maxNorm`: by
 * `min(1, maxNorm / (norm + 1e-6))`. The norm is that of all gradients together, as of one vector. What has no gradient
 * does not count.
 *
 * @param params tensors, or a single one
 * @param maxNorm 0 or more; `Infinity` only computes the norm
 * @returns the norm before the scaling, without dimensions
 * @throws TypeError if an argument is of the wrong kind, or the gradients are of several dtypes
 * @throws RangeError if an argument is out of range, or the norm is not finite and `errorIfNonfinite`; nothing has
 *   changed then
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export function clipGradNorm(
  params: Tensor | readonly Tensor[],
  maxNorm: number,
  options?: ClipGradNormOptions,
): FloatTensor {
  checkCount('clipGradNorm', arguments.length, 3)
  const where = 'clipGradNorm'
  const { normType, errorIfNonfinite } = readOptions(where, options, { normType: 2, errorIfNonfinite: false })
  checkAtLeast(where, 'maxNorm', maxNorm, 0)
  checkNumber(where, 'normType', normType)
  if (Number.isNaN(normType)) throw rangeError(where, 'normType', 'a number or an infinity', normType)
  checkBoolean(where, 'errorIfNonfinite', errorIfNonfinite)
  const grads = gradsOf(where, params instanceof Tensor ? [params] : params)
  if (grads.length === 0) return Tensor.empty([], 'float32')

  const total = totalNorm(where, grads, normType)
  if (errorIfNonfinite && !Number.isFinite(total.item())) {
    throw rangeError(where, 'the total norm of the gradients', 'finite', total.item())
  }
  const factor = clipFactor(total, maxNorm)
  for (const grad of grads) scaleInPlace(grad, factor)
  return total
}

function gradsOf(where: string, params: unknown): FloatTensor[] {
  if (!Array.isArray(params)) throw typeError(where, 'params', 'a tensor or an array of tensors', params)
  const grads: FloatTensor[] = []
  Array.from<unknown>(params).forEach((param, i) => {
    checkTensor(where, `params[${i}]`, param)
    const { gradient } = param
    if (gradient === null) return
    grads.push(gradient)
    checkFloat(where, `params[${i}].grad`, gradient, grads[0].dtype)
  })
  return grads
}

/** `min(1, maxNorm / (total + 1e-6))`, as a tensor: the inverse of `max(1, (total + 1e-6) / maxNorm)`. */
function clipFactor(total: FloatTensor, maxNorm: number): FloatTensor {
  const excess = sub(div(add(total, 1e-6), maxNorm), 1)
  return div(1, add(relu(excess), 1))
}
