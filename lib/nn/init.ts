/**
 * First values of parameters, as in PyTorch's `torch.nn.init`.
 *
 * @module init
 */
import { checkAtLeast, checkCount, checkNumber, rangeError, readOptions } from '../check.js'
import { checkFloat } from '../operand.js'
import { fillNormal, fillUniform } from '../random.js'
import type { FloatTensor } from '../tensor.js'

/**
 * Overwrites a tensor with random numbers, evenly distributed over [from, to).
 *
 * @throws TypeError if `x` is not a float tensor, RangeError if `from` is above `to`
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_
 */
export function uniform(x: FloatTensor, from = 0, to = 1): void {
  checkCount('uniform', arguments.length, 3)
  checkFloat('uniform', 'x', x)
  checkNumber('uniform', 'from', from)
  checkNumber('uniform', 'to', to)
  fillUniform(x, from, to)
}

/**
 * Overwrites a tensor with normally distributed random numbers.
 *
 * @throws TypeError if `x` is not a float tensor, RangeError if `std` is negative
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_
 */
export function normal(x: FloatTensor, mean = 0, std = 1): void {
  checkCount('normal', arguments.length, 3)
  checkFloat('normal', 'x', x)
  checkNumber('normal', 'mean', mean)
  checkAtLeast('normal', 'std', std, 0)
  fillNormal(x, mean, std)
}

/** The options of {@link kaimingUniform}. */
export interface KaimingOptions {
  /** The negative slope of the leaky ReLU that follows. Default: 0, a plain ReLU. */
  a?: number | undefined
}

/**
 * Overwrites a weight of shape (fanOut, fanIn) with numbers evenly distributed over [-bound, bound), where
 * `bound = sqrt(2 / (1 + a^2)) * sqrt(3 / fanIn)`: the variance of what flows forward stays the same.
 *
 * @throws TypeError if `weight` is not a float tensor, RangeError if it has not two dimensions
 * @see He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", 2015, https://arxiv.org/abs/1502.01852
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_
 */
export function kaimingUniform(weight: FloatTensor, options?: KaimingOptions): void {
  checkCount('kaimingUniform', arguments.length, 2)
  const { a } = readOptions('kaimingUniform', options, { a: 0 })
  checkAtLeast('kaimingUniform', 'a', a, 0)
  checkFloat('kaimingUniform', 'weight', weight)
  if (weight.shape.length !== 2) throw rangeError('kaimingUniform', 'weight', 'of shape [fanOut,fanIn]', weight)
  if (weight.size === 0) return
  const gain = Math.sqrt(2 / (1 + a ** 2))
  const bound = Math.sqrt(3) * (gain / Math.sqrt(weight.shape[1]))
  uniform(weight, -bound, bound)
}
