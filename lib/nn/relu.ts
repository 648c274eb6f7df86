import { checkCount } from '../check.js'
import type { DType } from '../dtype.js'
import { relu } from '../ops/relu.js'
import type { Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The rectified linear unit `max(x, 0)`, element by element. Any shape; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends Module {
  /**
   * @param input of any shape
   * @returns a tensor of the same shape
   * @throws TypeError if the input is not a tensor, or a bool tensor
   */
  override forward<D extends DType>(input: Tensor<D>): Tensor<D> {
    checkCount('ReLU.forward', arguments.length, 1)
    return relu(input)
  }
}
