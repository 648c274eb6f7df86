import { record } from '../autograd.js'
import { checkCount, readOptions, typeError } from '../check.js'
import { isFloat } from '../dtype.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { broadcastShapes } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { mul, sub } from './arithmetic.js'
import { sumToShape } from './broadcast.js'
import { checkLossReduction, reduced, type Reduction } from './loss.js'
import { neg } from './neg.js'
import { toFloat } from './promote.js'

/** The options of {@link mseLoss}. */
export interface MSELossOptions {
  /** What is made of the squares. Default: `mean`. */
  reduction?: Reduction | undefined
}

/**
 * The squared differences `(input - target)^2`, element by element.
 *
 * The shapes broadcast, as in PyTorch, which warns where they differ: (N, 1) and (N) give (N, N) differences. One of
 * the tensors may hold integers or booleans.
 *
 * @returns a single number, or with `reduction: 'none'` the shape of the difference. The mean over nothing is NaN.
 * @throws TypeError if an argument is of the wrong kind, neither is a float tensor, or two float dtypes differ
 * @throws RangeError if the shapes do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export function mseLoss(input: Tensor, target: Tensor, options?: MSELossOptions): FloatTensor {
  checkCount('mseLoss', arguments.length, 3)
  const { reduction } = checkMSELossOptions('mseLoss', options)
  const [a, b] = operands(input, target)
  broadcastShapes('mseLoss', a.shape, b.shape)
  const difference = sub(a.detach(), b.detach())
  const loss = reduced(mul(difference, difference), reduction)
  return record('mseLoss', loss, [a, b], (dy) => {
    const da = mul(difference, mul(dy, reduction === 'mean' ? 2 / difference.size : 2))
    return [sumToShape(da, a.shape), b.requiresGrad ? neg(sumToShape(da, b.shape)) : undefined]
  })
}

/** Checks the options of a loss of squares, and completes them by their defaults. */
export function checkMSELossOptions(where: string, options: MSELossOptions | undefined): { reduction: Reduction } {
  const defaults: { reduction: Reduction } = { reduction: 'mean' }
  const { reduction } = readOptions(where, options, defaults)
  checkLossReduction(where, reduction)
  return { reduction }
}

function operands(input: Tensor, target: Tensor): [FloatTensor, FloatTensor] {
  checkTensor('mseLoss', 'input', input)
  checkTensor('mseLoss', 'target', target)
  if (isFloatTensor(input)) {
    if (isFloatTensor(target)) checkFloat('mseLoss', 'target', target, input.dtype)
    return [input, toFloat(target, input.dtype)]
  }
  if (!isFloat(target.dtype)) throw typeError('mseLoss', 'input or target', 'a float32 tensor', target)
  return [toFloat(input, target.dtype), target as FloatTensor]
}
