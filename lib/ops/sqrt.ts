import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { asFloat } from './promote.js'

/**
 * The square root of every element; NaN of a negative one. Integers and booleans give a float32.
 *
 * @throws TypeError if `x` is not a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sqrt.html
 */
export function sqrt(input: Tensor): FloatTensor {
  const x = asFloat('sqrt', input)
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).sqrtForward(y.elements, x.elements)
  return record('sqrt', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).sqrtBackward(dx.elements, dy.elements, y.elements)
    return [dx]
  })
}
