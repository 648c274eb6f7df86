import { checkCount, typeError } from '../check.js'
import type { Tensor } from '../tensor.js'
import { Module } from './module.js'
import { ModuleSequence } from './module_sequence.js'

/** A module that turns one tensor into another. */
export type UnaryModule = Module & {
  /** Computes the output. */
  forward(input: Tensor): Tensor
}

/**
 * Modules one after the other: the output of each is the input of the next. Their names are `0`, `1` and so on.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 */
export class Sequential extends ModuleSequence<UnaryModule> {
  /**
   * @throws TypeError if an argument is not a module
   */
  constructor(...modules: readonly UnaryModule[]) {
    super()
    modules.forEach((module, i) => {
      if (!(module instanceof Module)) throw typeError('Sequential', `argument ${i}`, 'a module', module)
      this.append(module)
    })
  }

  /**
   * @param input the input of the first module
   * @returns the output of the last one; the input itself if there are none
   */
  override forward(input: Tensor): Tensor {
    checkCount('Sequential.forward', arguments.length, 1)
    let x = input
    for (const module of this) x = module.forward(x)
    return x
  }
}
