import { Adam, type AdamOptions } from './adam.js'

/**
 * Adam with decoupled weight decay: each step first shrinks the tensor by `lr * weightDecay` of itself,
 * `x = x - lr * weightDecay * x`, and leaves its gradient alone. Options as for {@link Adam}, but `weightDecay` defaults
 * to 0.01.
 *
 * @throws TypeError or RangeError if there is nothing to update, or an option is of the wrong kind or out of range
 * @see Loshchilov, Hutter, "Decoupled Weight Decay Regularization", 2017, https://arxiv.org/abs/1711.05101
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Adam {
  static override readonly defaults: Readonly<AdamOptions> = { ...Adam.defaults, weightDecay: 0.01 }

  protected override readonly decoupled = true
}
