import { setImmediate as turn } from 'node:timers/promises'
import { checkTensor } from '../operand.js'
import { rangeError } from '../check.js'
import type { UnaryModule } from '../nn/sequential.js'
import type { ScheduledOptions } from '../optim/lr_scheduler/base.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { Tensor } from '../tensor.js'

/** A module that compares outputs with targets, such as `nn.CrossEntropyLoss`. */
export interface Criterion {
  /** The loss of an output for a target, of one element. */
  forward(output: Tensor, target: Tensor): Tensor
}

/** The loss of an output for a target, of one element: of a module or a function. */
export type Loss = Criterion | ((output: Tensor, target: Tensor) => Tensor)

/** A step of training: its loss, and the output of the model from before its parameters were updated. */
export type Step = (input: Tensor, target: Tensor) => Promise<readonly [loss: Tensor, output: Tensor]>

/**
 * A step of training over a batch. Nobody else may look at the parameters until its promise is settled. Each step ends
 * a turn of the event loop, so that a server goes on answering.
 */
export function makeStep(model: UnaryModule, loss: Loss, optimizer: Optimizer<ScheduledOptions>): Step {
  return async (input, target) => {
    await turn()
    optimizer.zeroGrad()
    const output = model.forward(input)
    const value = lossOf(loss, output, target)
    value.backward()
    optimizer.step()
    return [value.detach(), output.detach()]
  }
}

/** The loss of an output, checked to be a single number. */
export function lossOf(loss: Loss, output: Tensor, target: Tensor): Tensor {
  const value: unknown = typeof loss === 'function' ? loss(output, target) : loss.forward(output, target)
  checkTensor('fit', 'what loss returns', value)
  if (value.size !== 1) throw rangeError('fit', 'what loss returns', 'of one element', value)
  return value
}
