import { kernels } from '../backend/index.js'
import { stepValues } from '../capture.js'
import { checkAtLeast, checkBoolean, checkCount, checkNumber, rangeError } from '../check.js'
import type { Tensor } from '../tensor.js'
import { Optimizer, type Updates } from './optimizer.js'
import type { ParamGroupOptions } from './param_groups.js'

/** The options of {@link SGD}. */
export interface SGDOptions {
  /** The learning rate. Default: 1e-3. */
  lr: number
  /** How much of the earlier steps is kept at each step; 0 keeps nothing, and needs no memory. Default: 0. */
  momentum: number
  /** How much of the gradient is left out where it joins the earlier ones. Default: 0. */
  dampening: number
  /** How much of the tensor is added to its gradient (L2 penalty). Default: 0. */
  weightDecay: number
  /** Whether to look ahead (Nesterov's momentum). Needs a momentum, and a dampening of 0. Default: false. */
  nesterov: boolean
  /** Whether to climb along the gradient instead of descending. Default: false. */
  maximize: boolean
}

/**
 * Stochastic gradient descent, with momentum if wanted: steps along the gradient `g`, or the decaying sum `b` of all
 * gradients so far, of which the first is taken whole:
 *
 *     g = g + weightDecay * x                 maximize: g = -g first
 *     b = momentum * b + (1 - dampening) * g
 *     x = x - lr * b                          nesterov: x = x - lr * (g + momentum * b)
 *
 * @see Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", 2013
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer<SGDOptions> {
  /** Every option, as it is where nothing else is said. */
  static readonly defaults: Readonly<SGDOptions> = {
    lr: 1e-3,
    momentum: 0,
    dampening: 0,
    weightDecay: 0,
    nesterov: false,
    maximize: false,
  }

  /**
   * @param params the tensors to update, or groups `{ params, lr, ... }` with options of their own
   * @throws TypeError or RangeError if there is nothing to update, or an option is of the wrong kind or out of range
   */
  constructor(params: readonly Tensor[] | readonly ParamGroupOptions<SGDOptions>[], options?: Partial<SGDOptions>) {
    checkCount('SGD', arguments.length, 2)
    super(params, options, new.target.defaults)
  }

  protected override update({ dtype, group, tensors, params, grads }: Updates<SGDOptions>): void {
    const { momentum, nesterov, maximize } = group
    const states = momentum === 0 ? [] : this.statesOf(tensors, group)
    kernels(dtype).sgd(
      params,
      grads,
      states.map(({ momentumBuffer }) => momentumBuffer.elements),
      states.map(({ step }) => step.elements),
      stepValues(() => [group.lr, group.momentum, group.dampening, group.weightDecay]),
      nesterov,
      maximize,
    )
  }

  protected override checkOptions(options: SGDOptions): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options
    const name = this.constructor.name
    checkAtLeast(name, 'lr', lr, 0)
    checkAtLeast(name, 'momentum', momentum, 0)
    checkNumber(name, 'dampening', dampening)
    checkAtLeast(name, 'weightDecay', weightDecay, 0)
    checkBoolean(name, 'nesterov', nesterov)
    checkBoolean(name, 'maximize', maximize)
    if (nesterov && momentum === 0) throw rangeError(name, 'momentum', 'above 0 for nesterov', momentum)
    if (nesterov && dampening !== 0) throw rangeError(name, 'dampening', '0 for nesterov', dampening)
  }

  /** Of every tensor that has had a step with momentum; `step` counts the gradients in its buffer. */
  protected override stateShapes(): Record<string, 'same' | 'scalar'> {
    return { step: 'scalar', momentumBuffer: 'same' }
  }
}
