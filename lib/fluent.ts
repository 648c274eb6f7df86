import { backward, type BackwardOptions } from './autograd.js'
import type { DType } from './dtype.js'
import { abs } from './ops/abs.js'
import { argmax } from './ops/argmax.js'
import { add, div, mul, sub } from './ops/arithmetic.js'
import type { Operand } from './ops/binary.js'
import { clone } from './ops/clone.js'
import { eq, ge, gt, le, lt } from './ops/compare.js'
import { exp } from './ops/exp.js'
import { type Extremes, max, min } from './ops/extreme.js'
import { log } from './ops/log.js'
import { logSoftmax } from './ops/log_softmax.js'
import { matmul, mm } from './ops/matmul.js'
import { mean } from './ops/mean.js'
import { neg } from './ops/neg.js'
import { pow } from './ops/pow.js'
import type { Promoted } from './ops/promote.js'
import type { Dims, ReduceOptions } from './ops/reduction.js'
import { relu } from './ops/relu.js'
import { flatten, reshape } from './ops/reshape.js'
import { sigmoid } from './ops/sigmoid.js'
import { slice } from './ops/slice.js'
import { softmax } from './ops/softmax.js'
import { sqrt } from './ops/sqrt.js'
import { squeeze, unsqueeze } from './ops/squeeze.js'
import { sum } from './ops/sum.js'
import { tanh } from './ops/tanh.js'
import { t, transpose } from './ops/transpose.js'
import { std, variance, type VarOptions } from './ops/var.js'
import type { Shape } from './shape.js'
import { Tensor } from './tensor.js'

declare module './tensor.js' {
  interface Tensor<D extends DType> {
    /**
     * Computes the gradient of this tensor with respect to every leaf it was computed from, and adds it to the leaf's
     * `grad`. The graph is let go, unless `retainGraph`.
     *
     * @param gradient the gradient of what follows with respect to this tensor; may be left out for a single element
     * @throws Error if this tensor needs no gradient, or its graph was let go
     * @throws RangeError if the gradient has another shape, or is left out for several elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
     */
    backward(gradient?: Tensor, options?: BackwardOptions): void
    /** A copy of the elements; gradients flow through to this tensor. */
    clone(): Tensor<D>
    /** `this + other`, element by element, broadcasting. */
    add(other: Operand): Promoted<D>
    /** `this - other`, element by element, broadcasting. */
    sub(other: Operand): Promoted<D>
    /** `this * other`, element by element, broadcasting. */
    mul(other: Operand): Promoted<D>
    /** `this / other`, element by element, broadcasting. */
    div(other: Operand): FloatTensor
    /** `this ^ exponent`, element by element, broadcasting. */
    pow(exponent: Operand): FloatTensor
    /** `-x` of every element. */
    neg(): FloatTensor
    /** The exponential of every element. */
    exp(): FloatTensor
    /** The natural logarithm of every element. */
    log(): FloatTensor
    /** The absolute value of every element. */
    abs(): FloatTensor
    /** The logistic function `1 / (1 + exp(-x))` of every element. */
    sigmoid(): FloatTensor
    /** The hyperbolic tangent of every element. */
    tanh(): FloatTensor
    /** The matrix product of the last two dimensions; those before them broadcast. A vector is a row, or a column. */
    matmul(other: Tensor): FloatTensor
    /** The product of two matrices. */
    mm(other: Tensor): FloatTensor
    /** Where `this` equals `other`, element by element, broadcasting. */
    eq(other: Operand): Tensor<'bool'>
    /** Where `this > other`, element by element, broadcasting. */
    gt(other: Operand): Tensor<'bool'>
    /** Where `this < other`, element by element, broadcasting. */
    lt(other: Operand): Tensor<'bool'>
    /** Where `this >= other`, element by element, broadcasting. */
    ge(other: Operand): Tensor<'bool'>
    /** Where `this <= other`, element by element, broadcasting. */
    le(other: Operand): Tensor<'bool'>
    /** The square root of every element. */
    sqrt(): FloatTensor
    /** `max(x, 0)` of every element. */
    relu(): FloatTensor
    /** The sum over some dimensions, or over all; of integers and booleans as an int32. */
    sum(dim?: Dims, options?: ReduceOptions): Promoted<D>
    /** The mean over some dimensions, or over all. */
    mean(dim?: Dims, options?: ReduceOptions): FloatTensor
    /** The variance over some dimensions, or over all; unbiased unless `correction` is 0. */
    var(dim?: Dims, options?: VarOptions): FloatTensor
    /** The standard deviation over some dimensions, or over all; of the unbiased variance unless `correction` is 0. */
    std(dim?: Dims, options?: VarOptions): FloatTensor
    /** The largest value. */
    max(): Tensor<D>
    /** The largest values along a dimension, and where they stand. */
    max(dim: number, options?: ReduceOptions): Extremes<D>
    /** The smallest value. */
    min(): Tensor<D>
    /** The smallest values along a dimension, and where they stand. */
    min(dim: number, options?: ReduceOptions): Extremes<D>
    /** Where the largest value along a dimension stands, or in all the tensor, flattened. */
    argmax(dim?: number, options?: ReduceOptions): Tensor<'int32'>
    /** The softmax along a dimension: exponentials, scaled to the sum 1. */
    softmax(dim: number): FloatTensor
    /** The logarithm of the softmax along a dimension. */
    logSoftmax(dim: number): FloatTensor
    /** The same elements, shared, in another shape; one length may be -1. */
    reshape(shape: Shape): Tensor<D>
    /** The same elements, shared, in one dimension. */
    flatten(): Tensor<D>
    /** The same elements, shared, without the dimensions of length 1, or without the given one if it is. */
    squeeze(dim?: number): Tensor<D>
    /** The same elements, shared, with a new dimension of length 1 at `dim`. */
    unsqueeze(dim: number): Tensor<D>
    /** A copy of the elements from `start` up to `end` along a dimension; bounds as in Python. */
    slice(dim: number, start: number, end: number): Tensor<D>
    /** A copy with two dimensions swapped. */
    transpose(dim0: number, dim1: number): FloatTensor
    /** The transpose of a matrix. */
    t(): FloatTensor
  }
}

const operations = {
  abs,
  add,
  argmax,
  backward,
  clone,
  div,
  eq,
  exp,
  flatten,
  ge,
  gt,
  le,
  log,
  logSoftmax,
  lt,
  matmul,
  max,
  mean,
  min,
  mm,
  mul,
  neg,
  pow,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sqrt,
  squeeze,
  std,
  sub,
  sum,
  t,
  tanh,
  transpose,
  unsqueeze,
  var: variance,
}

for (const [name, operation] of Object.entries(operations)) {
  Object.defineProperty(Tensor.prototype, name, {
    value: method(name, operation as Operation),
    writable: true,
    configurable: true,
  })
}

type Operation = (self: Tensor, ...rest: unknown[]) => unknown

function method(name: string, operation: Operation): (this: Tensor, ...rest: unknown[]) => unknown {
  return function (...rest) {
    // An argument too many is one that the caller counts on, such as PyTorch's flatten(startDim).
    if (rest.length >= operation.length) {
      throw new TypeError(`${name}: expected at most ${operation.length - 1} arguments, got ${rest.length}`)
    }
    return operation(this, ...rest)
  }
}
