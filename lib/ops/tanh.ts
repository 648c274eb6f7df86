import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { asFloat } from './promote.js'

/**
 * The hyperbolic tangent of every element. Integers and booleans give a float32.
 *
 * @throws TypeError if `x` is not a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tanh.html
 */
export function tanh(input: Tensor): FloatTensor {
  const x = asFloat('tanh', input)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).tanhForward(y.elements, x.elements)
  return record('tanh', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).tanhBackward(dx.elements, dy.elements, y.elements)
    return [dx]
  })
}
