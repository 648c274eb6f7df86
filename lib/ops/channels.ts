import { rangeError } from '../check.js'
import { formatShape, sameShape, sizeOf } from '../shape.js'
import type { Tensor } from '../tensor.js'

/** Checks that the input has channels, its second dimension, and splits its shape around them. */
export function checkChannels(where: string, input: Tensor): { outer: number; channels: number; inner: number } {
  if (input.shape.length < 2) throw rangeError(where, 'input', 'of shape [N,C] or [N,C,d1,...]', input)
  const [outer, channels, ...rest] = input.shape
  return { outer, channels, inner: sizeOf(rest) }
}

/**
 * Checks that the tensors, where they are given, have one number for each channel of the input. It is the input that is
 * wrong where several agree on another number of channels.
 */
export function checkPerChannel(where: string, input: Tensor, given: Record<string, Tensor | undefined>): void {
  const [, channels] = input.shape
  const tensors = Object.entries(given).flatMap(([name, tensor]) => (tensor ? [{ name, tensor }] : []))
  const misfit = tensors.find(({ tensor }) => !sameShape(tensor.shape, [channels]))
  if (misfit === undefined) return
  const { shape } = misfit.tensor
  if (shape.length === 1 && tensors.length > 1 && tensors.every(({ tensor }) => sameShape(tensor.shape, shape))) {
    const expected = `of shape [N,${shape[0]}] or [N,${shape[0]},d1,...] for a ${misfit.name} of ${formatShape(shape)}`
    throw rangeError(where, 'input', expected, input)
  }
  const expected = `of shape [${channels}] for an input of ${formatShape(input.shape)}`
  throw rangeError(where, misfit.name, expected, misfit.tensor)
}
