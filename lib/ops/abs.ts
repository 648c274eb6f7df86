import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The absolute value of every element. The gradient at 0 is 0.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.abs.html
 */
export function abs(x: Tensor): FloatTensor {
  checkFloat('abs', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).absForward(y.data, x.data)
  return record('abs', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).absBackward(dx.data, dy.data, x.data)
    return [dx]
  })
}
