import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkCount, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
import { splitAround } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import {
  checkClassIndices,
  checkClassInput,
  checkClassWeight,
  checkIgnoreIndex,
  classDim,
  nllLossGradFn,
  targetShape,
} from './class_indices.js'
import { checkConstant, checkLossReduction, ofTotals, type Reduction, scaleOf } from './loss.js'

/** The options of {@link nllLoss}. */
export interface NLLLossOptions {
  /** A weight for each class, of shape (C). No gradient flows through it. Default: all 1. */
  weight?: Tensor | null | undefined
  /** A class index that counts for nothing. Default: -100. */
  ignoreIndex?: number | undefined
  /** `mean` divides by the sum of the weights of the targets that count. Default: `mean`. */
  reduction?: Reduction | undefined
}

interface Settings {
  weight: FloatTensor | undefined
  ignoreIndex: number
  reduction: Reduction
}

/**
 * The negative log likelihood of the target classes, `-weight[target] * input[target]`.
 *
 * @param input log probabilities, as of {@link logSoftmax}: of shape (C), (N, C) or (N, C, d1, ...)
 * @param target class indices (int32), of the input's shape without C; of an input (C), also (1)
 * @returns a single number, or with `reduction: 'none'` the shape of the target.
 *   The mean over nothing (all targets ignored) is NaN, as in PyTorch.
 * @throws TypeError if an argument is of the wrong kind, or `weight` needs gradients
 * @throws RangeError if shapes do not fit, an index is not in [0, C), or an option is out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 */
export function nllLoss(input: Tensor, target: Tensor, options?: NLLLossOptions): FloatTensor {
  checkCount('nllLoss', arguments.length, 3)
  checkClassInput('nllLoss', input)
  const { weight, ignoreIndex, reduction } = checkNLLLossOptions('nllLoss', options)
  checkClassWeight('nllLoss', input, weight)
  checkConstant('nllLoss', 'weight', weight)
  checkClassIndices('nllLoss', input, target, ignoreIndex)
  const { outer, n, inner } = splitAround(input.shape, classDim(input), classDim(input))
  const walk = [outer, n, inner, ignoreIndex] as const
  const compute = kernels(input.dtype)

  const losses = reduction === 'none' ? Tensor.empty(targetShape(input), input.dtype) : undefined
  const totals = temporaryDoubles(2)
  compute.nllLossForward(losses?.elements, totals, input.elements, target.elements, weight?.elements, ...walk)

  const loss = losses ?? ofTotals(totals, reduction, input.dtype)
  return record({ name: 'nllLoss', gradFn: nllLossGradFn(input, reduction) }, loss, [input], (dy) => {
    const [dx] = gradientsFor(input)
    if (dx)
      compute.nllLossBackward(dx.elements, scaleOf(dy, totals, reduction), target.elements, weight?.elements, ...walk)
    return [dx]
  })
}

/** Checks the options of a negative log likelihood, and completes them by their defaults. */
export function checkNLLLossOptions(where: string, options: NLLLossOptions | undefined): Settings {
  const defaults: NLLLossOptions = { weight: undefined, ignoreIndex: -100, reduction: 'mean' }
  const { weight, ignoreIndex, reduction } = readOptions(where, options, defaults)
  if (weight !== undefined) checkFloat(where, 'weight', weight)
  checkIgnoreIndex(where, ignoreIndex)
  checkLossReduction(where, reduction)
  return { weight, ignoreIndex, reduction }
}
