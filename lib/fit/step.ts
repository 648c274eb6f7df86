import { setImmediate as turn } from 'node:timers/promises'
import { noGrad } from '../autograd.js'
import { rangeError } from '../check.js'
import { compile, type CompileOptions } from '../compile/compile.js'
import { betweenRuns } from '../compile/queue.js'
import type { UnaryModule } from '../nn/sequential.js'
import { checkTensor } from '../operand.js'
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

/** What is made of a batch: the loss, and the output of the model from before its parameters were updated. */
type Results = readonly [loss: Tensor, output: Tensor]

/** Something done with a batch. Nobody else may look at the parameters until its promise is settled. */
export type Step = (input: Tensor, target: Tensor) => Promise<Results>

/** A step of training over a batch. */
export function makeStep(
  model: UnaryModule,
  loss: Loss,
  optimizer: Optimizer<ScheduledOptions>,
  captured: boolean | CompileOptions,
): Step {
  return elsewhere(captured, (input, target) => {
    optimizer.zeroGrad()
    const output = model.forward(input)
    const value = lossOf(loss, output, target)
    value.backward()
    optimizer.step()
    return [value, output]
  })
}

/** An evaluation of the model on a batch. */
export function makeEvaluation(model: UnaryModule, loss: Loss, captured: boolean | CompileOptions): Step {
  return elsewhere(captured, (input, target) =>
    noGrad(() => {
      const output = model.forward(input)
      return [lossOf(loss, output, target), output]
    }),
  )
}

/** Runs a function in another turn of the event loop: on another thread if it is to be captured, else on this one. */
function elsewhere(captured: boolean | CompileOptions, fn: (input: Tensor, target: Tensor) => Results): Step {
  const options = typeof captured === 'object' ? captured : undefined
  const compiled = captured === false ? undefined : compile(fn, options)
  return async (input, target) => {
    await turn()
    if (compiled) return compiled.async(input, target)
    // It may draw random numbers, which a run of somebody else may be using.
    const [loss, output] = await betweenRuns(() => fn(input, target))
    return [loss.detach(), output.detach()]
  }
}

/** The loss of an output, checked to be a single number. */
export function lossOf(loss: Loss, output: Tensor, target: Tensor): Tensor {
  const value: unknown = typeof loss === 'function' ? loss(output, target) : loss.forward(output, target)
  checkTensor('fit', 'what loss returns', value)
  if (value.size !== 1) throw rangeError('fit', 'what loss returns', 'of one element', value)
  return value
}
