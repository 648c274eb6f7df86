import type { Tensor } from '../tensor.js'
import { Adam, type AdamOptions } from './adam.js'
import type { ParamGroupOptions } from './optimizer.js'

/**
 * Adam with decoupled weight decay: each step first shrinks the tensor by `lr * weightDecay` of itself, and leaves its
 * gradient alone. Options as for {@link Adam}, but `weightDecay` defaults to 0.01.
 *
 * @see Loshchilov, Hutter, "Decoupled Weight Decay Regularization", 2017, https://arxiv.org/abs/1711.05101
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Adam {
  protected override readonly decoupled = true

  /** Arguments and errors as for {@link Adam}. */
  constructor(params: readonly Tensor[] | readonly ParamGroupOptions<AdamOptions>[], options?: Partial<AdamOptions>) {
    super(params, { weightDecay: 0.01, ...options })
  }
}
