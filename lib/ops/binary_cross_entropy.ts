import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkCount, rangeError, readOptions } from '../check.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { broadcastsTo, formatShape, sameShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { div, mul } from './arithmetic.js'
import { expandTo } from './broadcast.js'
import { checkConstant, checkLossReduction, reduced, type Reduction } from './loss.js'

/** The options of {@link binaryCrossEntropyWithLogits}. */
export interface BCEWithLogitsOptions {
  /** What each loss is multiplied with; broadcasts to the input's shape. No gradient flows through it. Default: 1. */
  weight?: Tensor | null | undefined
  /** How much more a target of 1 counts than one of 0; broadcasts and flows like `weight`. Default: 1. */
  posWeight?: Tensor | null | undefined
  /** `mean` divides by the number of elements, whatever their weights. Default: `mean`. */
  reduction?: Reduction | undefined
}

interface Settings {
  weight: FloatTensor | undefined
  posWeight: FloatTensor | undefined
  reduction: Reduction
}

const where = 'binaryCrossEntropyWithLogits'

/**
 * The cross entropy of yes-or-no targets `t` for logits `x`, element by element:
 * `-weight * (posWeight * t * log(s(x)) + (1 - t) * log(1 - s(x)))` with `s(x) = 1 / (1 + exp(-x))`.
 * Finite for all finite inputs.
 *
 * @param input logits, of any shape
 * @param target how likely each element is to be a yes, from 0 to 1; of the input's shape. Gradients flow into it too.
 * @returns a single number, or with `reduction: 'none'` the input's shape. The mean over nothing is NaN.
 * @throws TypeError if an argument is of the wrong kind, dtypes differ, or a weight needs gradients
 * @throws RangeError if shapes do not fit, or `reduction` is none of the three
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options?: BCEWithLogitsOptions,
): FloatTensor {
  checkCount('binaryCrossEntropyWithLogits', arguments.length, 3)
  checkFloat(where, 'input', input)
  checkFloat(where, 'target', target, input.dtype)
  const { weight, posWeight, reduction } = checkBCEWithLogitsOptions(where, options)
  if (!sameShape(target.shape, input.shape)) {
    throw rangeError(where, 'target', `of the input's shape ${formatShape(input.shape)}`, target)
  }
  checkWeight('weight', weight, input)
  checkWeight('posWeight', posWeight, input)
  const positive = posWeight && expandTo(posWeight, input.shape)
  const compute = kernels(input.dtype)

  const losses = Tensor.uninitialized(input.shape, input.dtype)
  compute.binaryCrossEntropyForward(losses.elements, input.elements, target.elements, positive?.elements)
  const loss = reduced(weight ? mul(losses, weight) : losses, reduction)

  return record(where, loss, [input, target], (dy) => {
    const shared = reduction === 'mean' ? div(dy, losses.size) : dy
    const scale = weight ? expandTo(mul(shared, weight), input.shape) : shared
    const [dx, dTarget] = gradientsFor(input, target)
    compute.binaryCrossEntropyBackward(
      dx?.elements,
      dTarget?.elements,
      scale.elements,
      input.elements,
      target.elements,
      positive?.elements,
    )
    return [dx, dTarget]
  })
}

/** Checks the options of a binary cross entropy, and completes them by their defaults. */
export function checkBCEWithLogitsOptions(name: string, options: BCEWithLogitsOptions | undefined): Settings {
  const defaults: BCEWithLogitsOptions = { weight: undefined, posWeight: undefined, reduction: 'mean' }
  const { weight, posWeight, reduction } = readOptions(name, options, defaults)
  if (weight !== undefined) checkFloat(name, 'weight', weight)
  if (posWeight !== undefined) checkFloat(name, 'posWeight', posWeight)
  checkLossReduction(name, reduction)
  return { weight, posWeight, reduction }
}

function checkWeight(argument: string, weight: FloatTensor | undefined, input: FloatTensor): void {
  checkOptionalFloat(where, argument, weight, input.dtype)
  checkConstant(where, argument, weight)
  if (weight && !broadcastsTo(weight.shape, input.shape))
    throw rangeError(where, argument, `of a shape that broadcasts to the input's ${formatShape(input.shape)}`, weight)
}
