import { needsGrad } from '../autograd.js'
import { checkOneOf, typeError } from '../check.js'
import type { FloatTensor, Tensor } from '../tensor.js'
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
