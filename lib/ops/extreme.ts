import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { typeError } from '../check.js'
import type { DType } from '../dtype.js'
import { checkTensor, isFloatTensor } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { type Located, locate } from './argmax.js'
import type { ReduceOptions } from './reduction.js'

/** The extreme values along a dimension, and where they stand. */
export interface Extremes<D extends DType = DType> {
  /** The values themselves. */
  readonly values: Tensor<D>
  /** The place along the dimension, the first of equals. */
  readonly indices: Tensor<'int32'>
}

/**
 * The largest value of a tensor, or the largest values along a dimension, with the places where they stand. NaN counts as the
 * largest. The gradient of a single value is spread evenly over all that equal it; that of values along a dimension goes
 * to the first of equals.
 *
 * @throws TypeError if `x` is not a tensor
 * @throws RangeError if the dimension does not exist, or if there are no elements to choose from
 * @see https://docs.pytorch.org/docs/stable/generated/torch.max.html
 */
export function max<D extends DType>(x: Tensor<D>): Tensor<D>
export function max<D extends DType>(x: Tensor<D>, dim: number, options?: ReduceOptions): Extremes<D>
export function max<D extends DType>(x: Tensor<D>, dim?: number, options?: ReduceOptions): Tensor<D> | Extremes<D> {
  return dim === undefined ? extremeOf('max', 'largest', x, options) : extremesAlong('max', 'largest', x, dim, options)
}

/**
 * The smallest value of a tensor, or the smallest values along a dimension, with the places where they stand. NaN counts as the
 * smallest. The gradient of a single value is spread evenly over all that equal it; that of values along a dimension goes
 * to the first of equals.
 *
 * @throws TypeError if `x` is not a tensor
 * @throws RangeError if the dimension does not exist, or if there are no elements to choose from
 * @see https://docs.pytorch.org/docs/stable/generated/torch.min.html
 */
export function min<D extends DType>(x: Tensor<D>): Tensor<D>
export function min<D extends DType>(x: Tensor<D>, dim: number, options?: ReduceOptions): Extremes<D>
export function min<D extends DType>(x: Tensor<D>, dim?: number, options?: ReduceOptions): Tensor<D> | Extremes<D> {
  return dim === undefined
    ? extremeOf('min', 'smallest', x, options)
    : extremesAlong('min', 'smallest', x, dim, options)
}

type Which = 'largest' | 'smallest'

function extremeOf<D extends DType>(name: string, which: Which, x: Tensor<D>, options: unknown): Tensor<D> {
  if (options !== undefined) throw typeError(name, 'options', 'given with a dimension alone', options)
  const y = valuesAt(x, locate(name, which, x, undefined))
  if (!isFloatTensor(y)) return y
  return record({ name, gradFn: `${name === 'max' ? 'Max' : 'Min'}Backward1` }, y, [x], (dy) => {
    checkTensor(name, 'input', x)
    const [dx] = isFloatTensor(x) ? gradientsFor(x) : []
    if (dx) kernels(dx.dtype).extremeBackward(dx.elements, dy.elements, x.elements as FloatTensor['data'], y.elements)
    return [dx]
  })
}

function extremesAlong<D extends DType>(
  name: string,
  which: Which,
  x: Tensor<D>,
  dim: number,
  options: ReduceOptions | undefined,
): Extremes<D> {
  const located = locate(name, which, x, dim, options)
  const { outer, n, inner } = located
  const values = valuesAt(x, located)
  if (isFloatTensor(values)) {
    record(name, values, [x], (dy) => {
      const [dx] = isFloatTensor(x) ? gradientsFor(x) : []
      if (dx) kernels(dx.dtype).gatherBackward(dx.elements, dy.elements, located.indices.elements, outer, n, inner)
      return [dx]
    })
  }
  return { values, indices: located.indices }
}

function valuesAt<D extends DType>(x: Tensor<D>, located: Located): Tensor<D> {
  const values = Tensor.empty(located.indices.shape, x.dtype)
  const { indices, outer, n, inner } = located
  kernels(x.dtype).gatherForward(values.elements, x.elements, indices.elements, outer, n, inner)
  return values
}
