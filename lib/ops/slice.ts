import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkInteger, rangeError } from '../check.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { checkDim, splitAround } from '../shape.js'
import { Tensor } from '../tensor.js'

/**
 * The elements from `start` up to, not including, `end` along a dimension, copied: `x[start:end]` for the first one.
 * Negative bounds count from the end, and bounds outside are moved to the nearest one, as in Python.
 *
 * @throws TypeError if an argument is of the wrong kind
 * @throws RangeError if the dimension does not exist, or a bound is not an integer
 * @see https://docs.pytorch.org/docs/stable/tensor_view.html
 */
export function slice<D extends DType>(x: Tensor<D>, dim: number, start: number, end: number): Tensor<D> {
  checkTensor('slice', 'input', x)
  if (x.shape.length === 0) throw rangeError('slice', 'input', 'of one dimension at least', x)
  const axis = checkDim('slice', dim, x.shape)
  checkInteger('slice', 'start', start)
  checkInteger('slice', 'end', end)
  const { outer, n, inner } = splitAround(x.shape, axis, axis)
  const within = (bound: number) => Math.min(Math.max(bound < 0 ? bound + n : bound, 0), n)
  const first = within(start)
  const length = Math.max(within(end) - first, 0)

  const y = Tensor.empty(x.shape.with(axis, length), x.dtype)
  const [part, whole] = [[first * inner, n * inner] as const, [0, length * inner] as const]
  kernels(x.dtype).copyBlocks(y.elements, x.elements, ...whole, ...part, outer, length * inner)
  if (!isFloatTensor(y)) return y
  return record('slice', y, [x], (dy) => {
    const [dx] = isFloatTensor(x) ? gradientsFor(x) : []
    if (!dx) return []
    kernels(dx.dtype).fill(dx.elements, dx.size, 0)
    kernels(dx.dtype).copyBlocks(dx.elements, dy.elements, ...part, ...whole, outer, length * inner)
    return [dx]
  })
}
