import type { DType } from '../dtype.js'
import { abs } from '../ops/abs.js'
import { exp } from '../ops/exp.js'
import { log } from '../ops/log.js'
import { logSoftmax } from '../ops/log_softmax.js'
import { neg } from '../ops/neg.js'
import { relu } from '../ops/relu.js'
import { sigmoid } from '../ops/sigmoid.js'
import { softmax } from '../ops/softmax.js'
import { sqrt } from '../ops/sqrt.js'
import { tanh } from '../ops/tanh.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /** `-x` of every element. */
    neg(): FloatTensor
    /** The absolute value of every element. */
    abs(): FloatTensor
    /** The exponential of every element. */
    exp(): FloatTensor
    /** The natural logarithm of every element. */
    log(): FloatTensor
    /** The square root of every element. */
    sqrt(): FloatTensor
    /** The logistic function `1 / (1 + exp(-x))` of every element. */
    sigmoid(): FloatTensor
    /** The hyperbolic tangent of every element. */
    tanh(): FloatTensor
    /** `max(x, 0)` of every element. */
    relu(): FloatTensor
    /** The softmax along a dimension: exponentials, scaled to the sum 1. */
    softmax(dim: number): FloatTensor
    /** The logarithm of the softmax along a dimension. */
    logSoftmax(dim: number): FloatTensor
  }
}

defineMethods({
  abs,
  exp,
  log,
  logSoftmax,
  neg,
  relu,
  sigmoid,
  softmax,
  sqrt,
  tanh,
})
