import { rangeError } from '../check.js'
import { checkOptionalFloat } from '../operand.js'
import { formatShape, sizeOf } from '../shape.js'
import type { FloatTensor, Tensor } from '../tensor.js'

/** Checks that the input has channels, its second dimension, and splits its shape around them. */
export function checkChannels(where: string, input: Tensor): { outer: number; channels: number; inner: number } {
  if (input.shape.length < 2) throw rangeError(where, 'input', 'of shape [N,C] or [N,C,d1,...]', input)
  const [outer, channels, ...rest] = input.shape
  return { outer, channels, inner: sizeOf(rest) }
}

/** Checks that a tensor, if there is one, has the input's dtype and one number for each of its channels. */
export function checkPerChannel(
  where: string,
  argument: string,
  value: unknown,
  input: FloatTensor,
): asserts value is FloatTensor | undefined {
  checkOptionalFloat(where, argument, value, input.dtype)
  if (value === undefined || (value.shape.length === 1 && value.shape[0] === input.shape[1])) return
  const expected = `of shape [${input.shape[1]}] for an input of ${formatShape(input.shape)}`
  throw rangeError(where, argument, expected, value)
}
