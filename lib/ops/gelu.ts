import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkCount, checkOneOf, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The options of {@link gelu}. */
export interface GeluOptions {
  /** `tanh` takes an approximation of the distribution function. Default: `none`. */
  approximate?: 'none' | 'tanh'
}

const defaults: Required<GeluOptions> = { approximate: 'none' }

/**
 * The Gaussian error linear unit `x * P(x)`, element by element, where `P` is the distribution function of the standard
 * normal distribution; with `approximate: 'tanh'`, `P(x) = (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2`.
 * Any shape; the output has the same.
 *
 * @throws TypeError if `x` is not a float tensor
 * @throws RangeError if `approximate` is neither `none` nor `tanh`
 * @see Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016, https://arxiv.org/abs/1606.08415
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 */
export function gelu(x: Tensor, options?: GeluOptions): FloatTensor {
  checkCount('gelu', arguments.length, 2)
  checkFloat('gelu', 'input', x)
  const approximate = checkGeluOptions('gelu', options).approximate === 'tanh'
  const y = Tensor.uninitialized(x.shape, x.dtype)
  kernels(x.dtype).geluForward(y.elements, x.elements, approximate)
  return record('gelu', y, [x], (dy) => {
    const [dx] = gradientsFor(x)
    if (dx) kernels(x.dtype).geluBackward(dx.elements, dy.elements, x.elements, approximate)
    return [dx]
  })
}

/** Checks the options of a GELU, and completes them by their defaults. */
export function checkGeluOptions(where: string, options: GeluOptions | undefined): Required<GeluOptions> {
  const checked = readOptions(where, options, defaults)
  checkOneOf(where, 'approximate', checked.approximate, ['none', 'tanh'])
  return checked
}
