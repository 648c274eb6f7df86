import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The logistic function `1 / (1 + exp(-x))` of every element.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html
 */
export function sigmoid(x: Tensor): FloatTensor {
  checkFloat('sigmoid', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).sigmoidForward(y.data, x.data)
  return record('sigmoid', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).sigmoidBackward(dx.data, dy.data, y.data)
    return [dx]
  })
}
