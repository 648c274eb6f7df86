import { checkCount } from '../check.js'
import { silu } from '../ops/silu.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'

/**
 * The sigmoid linear unit `x / (1 + exp(-x))`, element by element. Any shape; the output has the same.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 */
export class SiLU extends Module {
  /**
   * @param input of any shape
   * @returns a tensor of the same shape
   * @throws TypeError if the input is not a float tensor
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('SiLU.forward', arguments.length, 1)
    return silu(input)
  }
}
