import { kernels } from '../backend/index.js'
import { stepValues } from '../capture.js'
import { checkAtLeast, checkBoolean, checkCount, checkNumber, rangeError, typeError } from '../check.js'
import type { Tensor } from '../tensor.js'
import { Optimizer, type Updates } from './optimizer.js'
import type { ParamGroupOptions } from './param_groups.js'

/** The options of {@link Adam}. */
export interface AdamOptions {
  /** The learning rate. Default: 1e-3. */
  lr: number
  /** How much of the running averages of the gradient and of its square is kept at each step. Default: [0.9, 0.999]. */
  betas: readonly [number, number]
  /** What is added to the divisor, so that it is not zero. Default: 1e-8. */
  eps: number
  /** How much of the tensor is added to its gradient (L2 penalty). Default: 0. */
  weightDecay: number
  /** Whether the divisor takes the largest average so far (Reddi, Kale, Kumar, 2018). Default: false. */
  amsgrad: boolean
  /** Whether to climb along the gradient instead of descending. Default: false. */
  maximize: boolean
}

/**
 * Adam: steps along the running average `m` of the gradient, divided by the root of the running average `v` of its
 * square, both corrected for having begun at zero:
 *
 *     g = g + weightDecay * x                    maximize: g = -g first
 *     m = beta1 * m + (1 - beta1) * g            v = beta2 * v + (1 - beta2) * g^2
 *     x = x - lr * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)
 *
 * With `amsgrad`, the largest `v` so far takes the place of `v` in the last line.
 *
 * @see Kingma, Ba, "Adam: A Method for Stochastic Optimization", 2014, https://arxiv.org/abs/1412.6980
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer<AdamOptions> {
  /** Every option, as it is where nothing else is said. */
  static readonly defaults: Readonly<AdamOptions> = {
    lr: 1e-3,
    betas: [0.9, 0.999],
    eps: 1e-8,
    weightDecay: 0,
    amsgrad: false,
    maximize: false,
  }

  /** Whether weight decay shrinks the tensor itself, as AdamW has it, instead of adding to the gradient. */
  protected readonly decoupled: boolean = false

  /**
   * @param params the tensors to update, or groups `{ params, lr, ... }` with options of their own
   * @throws TypeError or RangeError if there is nothing to update, or an option is of the wrong kind or out of range
   */
  constructor(params: readonly Tensor[] | readonly ParamGroupOptions<AdamOptions>[], options?: Partial<AdamOptions>) {
    checkCount(new.target.name, arguments.length, 2)
    super(params, options, new.target.defaults)
  }

  protected override update({ dtype, group, tensors, params, grads }: Updates<AdamOptions>): void {
    const { amsgrad, maximize } = group
    const states = this.statesOf(tensors, group)
    kernels(dtype).adam(
      params,
      grads,
      states.map(({ expAvg }) => expAvg.elements),
      states.map(({ expAvgSq }) => expAvgSq.elements),
      amsgrad ? states.map(({ maxExpAvgSq }) => maxExpAvgSq.elements) : [],
      states.map(({ step }) => step.elements),
      stepValues(() => [group.lr, ...group.betas, group.eps, group.weightDecay]),
      amsgrad,
      maximize,
      this.decoupled,
    )
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, amsgrad, maximize }: AdamOptions): void {
    const name = this.constructor.name
    checkAtLeast(name, 'lr', lr, 0)
    checkAtLeast(name, 'eps', eps, 0)
    checkAtLeast(name, 'weightDecay', weightDecay, 0)
    checkBoolean(name, 'amsgrad', amsgrad)
    checkBoolean(name, 'maximize', maximize)
    if (!Array.isArray(betas) || betas.length !== 2) throw typeError(name, 'betas', 'an array of two numbers', betas)
    Array.from<unknown>(betas).forEach((beta, i) => {
      checkNumber(name, `betas[${i}]`, beta)
      if (!(beta >= 0 && beta < 1)) throw rangeError(name, `betas[${i}]`, 'within [0, 1)', beta)
    })
  }

  protected override stateShapes({ amsgrad }: AdamOptions): Record<string, 'same' | 'scalar'> {
    return { step: 'scalar', expAvg: 'same', expAvgSq: 'same', ...(amsgrad ? { maxExpAvgSq: 'same' } : {}) }
  }
}
