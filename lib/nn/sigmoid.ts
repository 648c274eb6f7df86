import { checkCount } from '../check.js'
import { sigmoid } from '../ops/sigmoid.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The logistic function `1 / (1 + exp(-x))`, element by element. Any shape; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  /**
   * @param input of any shape
   * @returns a tensor of the same shape
   * @throws TypeError if the input is not a tensor
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('Sigmoid.forward', arguments.length, 1)
    return sigmoid(input)
  }
}
