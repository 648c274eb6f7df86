import { needsGrad } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkOneOf, typeError } from '../check.js'
import type { FloatDType } from '../dtype.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { mean } from './mean.js'
import { sum } from './sum.js'

/** What a loss makes of its values: their mean, their sum, or the values themselves. */
export type Reduction = 'mean' | 'sum' | 'none'

/** Rejects what is not the name of a reduction. */
export function checkLossReduction(where: string, reduction: unknown): asserts reduction is Reduction {
  checkOneOf(where, 'reduction', reduction, ['mean', 'sum', 'none'])
}

/** Rejects a tensor that needs gradients, for an argument through which none flow. */
export function checkConstant(where: string, argument: string, tensor: Tensor | undefined): void {
  if (needsGrad(tensor)) {
    throw typeError(where, argument, 'without gradients, which do not flow through it (use detach())', tensor)
  }
}

/** The mean of the values, their sum, or the values themselves. The mean over nothing is NaN. */
export function reduced(losses: FloatTensor, reduction: Reduction): FloatTensor {
  if (reduction === 'none') return losses
  return reduction === 'mean' ? mean(losses) : sum(losses)
}

/**
 * The mean or the sum of losses, of what kernels of losses give in double precision: the sum, and what the mean divides
 * it by. Rounded once.
 */
export function ofTotals(totals: Float64Array, reduction: Reduction, dtype: FloatDType): FloatTensor {
  const loss = Tensor.uninitialized([], dtype)
  kernels(dtype).reduceLossForward(loss.elements, totals, reduction === 'mean')
  return loss
}

/** The gradient that flows into each loss, or into all of them alike, in double precision. */
export function scaleOf(dy: FloatTensor, totals: Float64Array, reduction: Reduction): Float64Array {
  const scale = temporaryDoubles(dy.size)
  kernels(dy.dtype).reduceLossBackward(scale, dy.elements, totals, reduction === 'mean')
  return scale
}
