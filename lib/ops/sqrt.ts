import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The square root of every element; NaN of a negative one.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sqrt.html
 */
export function sqrt(x: Tensor): FloatTensor {
  checkFloat('sqrt', 'input', x)
  const y = Tensor.empty(x.shape, x.dtype)
  kernels(x.dtype).sqrtForward(y.data, x.data)
  return record('sqrt', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).sqrtBackward(dx.data, dy.data, y.data)
    return [dx]
  })
}
