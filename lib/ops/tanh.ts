import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The hyperbolic tangent of every element.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tanh.html
 */
export function tanh(x: Tensor): FloatTensor {
  checkFloat('tanh', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).tanhForward(y.data, x.data)
  return record('tanh', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).tanhBackward(dx.data, dy.data, y.data)
    return [dx]
  })
}
