import { record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { mul } from './arithmetic.js'
import { type Operand, operands, walkPair } from './binary.js'
import { sumToShape } from './broadcast.js'

/**
 * `base ^ exponent`, element by element, broadcasting. `x ^ 0` and `1 ^ y` are 1, also of NaN; a negative base with a
 * fractional exponent gives NaN. The gradient of a base whose exponent is 0 is 0, and so is that of an exponent of at
 * least 0 whose base is 0.
 *
 * @throws TypeError if an operand is neither a float tensor nor a number, or if their dtypes differ
 * @throws RangeError if the shapes do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.pow.html
 */
export function pow(base: Operand, exponent: Operand): FloatTensor {
  if (exponent === 2 && typeof base !== 'number') return square(base)
  const [a, b] = operands('pow', base, exponent)
  const { shape, walk } = walkPair('pow', a, b)
  const y = Tensor.empty(shape, a.dtype)
  kernels(a.dtype).powForward(y.data, a.data, b.data, ...walk)
  return record('pow', y, [a, b], (dy) => {
    const da = a.requiresGrad ? Tensor.empty(shape, a.dtype) : undefined
    const db = b.requiresGrad ? Tensor.empty(shape, b.dtype) : undefined
    kernels(a.dtype).powBackward(da?.data, db?.data, dy.data, a.data, b.data, y.data, ...walk)
    return [da && sumToShape(da, a.shape), db && sumToShape(db, b.shape)]
  })
}

/** The one power that is common enough to be made fast. */
function square(x: Tensor): FloatTensor {
  checkFloat('pow', 'input', x)
  return mul(x, x)
}
