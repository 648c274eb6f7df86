import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The rectified linear unit `max(x, 0)`, element by element. NaN stays NaN. The gradient at 0 is 0. Any shape; the
 * output has the same.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 */
export function relu(x: Tensor): FloatTensor {
  checkFloat('relu', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).reluForward(y.data, x.data)
  return record('relu', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).reluBackward(dx.data, dy.data, y.data)
    return [dx]
  })
}
