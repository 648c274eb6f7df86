import { kernels } from '../backend/index.js'
import { broadcastStrides, collapse, sameShape, type Shape, splitAround } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The values of `x` repeated to the shape that it broadcasts to. Not recorded: a step of other operations. */
export function expandTo(x: FloatTensor, shape: Shape): FloatTensor {
  if (sameShape(x.shape, shape)) return x
  const y = Tensor.empty(shape, x.dtype)
  const walk = collapse(shape, broadcastStrides(x.shape, shape))
  kernels(x.dtype).copyStrided(y.elements, x.elements, walk.shape, walk.strides[0])
  return y
}

/** Undoes {@link expandTo} for gradients: sums over every dimension that broadcasting has stretched. Not recorded. */
export function sumToShape(x: FloatTensor, shape: Shape): FloatTensor {
  if (sameShape(x.shape, shape)) return x
  const added = x.shape.length - shape.length
  const stretched = x.shape.flatMap((length, dim) => (dim < added || shape[dim - added] !== length ? [dim] : []))
  return sumOver(x, stretched).withShape(shape)
}

/** The sum over the given ascending dimensions, which stay with length 1. Not recorded. */
export function sumOver(x: FloatTensor, dims: readonly number[]): FloatTensor {
  let result = x
  for (const [first, last] of runsOf(dims).reverse()) {
    const { outer, n, inner } = splitAround(result.shape, first, last)
    const shape = result.shape.map((length, dim) => (dim >= first && dim <= last ? 1 : length))
    const total = Tensor.empty(shape, x.dtype)
    kernels(x.dtype).sum(total.elements, result.elements, outer, n, inner)
    result = total
  }
  return result
}

/** Ascending numbers as stretches without gaps: `[0, 1, 3]` gives `[[0, 1], [3, 3]]`. */
function runsOf(dims: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const dim of dims) {
    const last = runs.at(-1)
    if (last?.[1] === dim - 1) last[1] = dim
    else runs.push([dim, dim])
  }
  return runs
}
