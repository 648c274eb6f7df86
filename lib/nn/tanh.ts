import { checkCount } from '../check.js'
import { tanh } from '../ops/tanh.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The hyperbolic tangent `(e^x - e^-x) / (e^x + e^-x)`, element by element. Any shape; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  /**
   * @param input of any shape
   * @returns a tensor of the same shape
   * @throws TypeError if the input is not a tensor
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('Tanh.forward', arguments.length, 1)
    return tanh(input)
  }
}
