import { checkCount } from '../check.js'
import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The sigmoid linear unit `x * sigmoid(x)` of every element, also called swish. Any shape; the output has the same.
 *
 * @throws TypeError if `x` is not a float tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.silu.html
 */
export function silu(x: Tensor): FloatTensor {
  checkCount('silu', arguments.length, 1)
  checkFloat('silu', 'input', x)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).siluForward(y.elements, x.elements)
  return record('silu', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).siluBackward(dx.elements, dy.elements, x.elements)
    return [dx]
  })
}
