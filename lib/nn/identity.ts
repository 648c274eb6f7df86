import { checkCount } from '../check.js'
import { checkTensor } from '../operand.js'
import type { Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * Returns its input as it is: stands where a model has no layer.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html
 */
export class Identity extends Module {
  override forward<T extends Tensor>(input: T): T {
    checkCount('Identity.forward', arguments.length, 1)
    checkTensor('Identity', 'input', input)
    return input
  }
}
