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
    /**
     * The negative `-x` of every element. Shape: the same. Integers stay an int32.
     *
     * @throws TypeError if this is a bool tensor
     * @throws RangeError if an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.neg.html
     */
    neg(): Tensor<D>

    /**
     * The absolute value `|x|` of every element. Shape: the same. Integers stay an int32. The gradient at 0 is 0.
     *
     * @throws TypeError if this is a bool tensor
     * @throws RangeError if an integer result does not fit an int32
     * @see https://docs.pytorch.org/docs/stable/generated/torch.abs.html
     */
    abs(): Tensor<D>

    /**
     * The exponential `e^x` of every element. Shape: the same. Integers and booleans give a float32.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.exp.html
     */
    exp(): FloatTensor

    /**
     * The natural logarithm `ln x` of every element: -infinity of 0, NaN of a negative one. Shape: the same. Integers and booleans give a float32.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.log.html
     */
    log(): FloatTensor

    /**
     * The square root `x^(1/2)` of every element, NaN of a negative one. Shape: the same. Integers and booleans give a float32.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.sqrt.html
     */
    sqrt(): FloatTensor

    /**
     * The logistic function `1 / (1 + e^-x)` of every element. Shape: the same. Integers and booleans give a float32.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html
     */
    sigmoid(): FloatTensor

    /**
     * The hyperbolic tangent `(e^x - e^-x) / (e^x + e^-x)` of every element. Shape: the same. Integers and booleans give a float32.
     *
     * @see https://docs.pytorch.org/docs/stable/generated/torch.tanh.html
     */
    tanh(): FloatTensor

    /**
     * The rectified linear unit `max(x, 0)` of every element; NaN stays NaN. Shape: the same. Integers stay an int32. The gradient at 0 is 0.
     *
     * @throws TypeError if this is a bool tensor
     * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
     */
    relu(): Tensor<D>

    /**
     * The softmax along a dimension, `e^x / sum(e^x)`, without overflow. Shape: the same.
     *
     * @param dim which dimension; negative ones count from the end
     * @throws TypeError if this is not a float tensor
     * @throws RangeError if the dimension does not exist
     * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
     */
    softmax(dim: number): FloatTensor

    /**
     * The logarithm of the softmax along a dimension, `x - log(sum(e^x))`, without overflow. Shape: the same.
     *
     * @param dim which dimension; negative ones count from the end
     * @throws TypeError if this is not a float tensor
     * @throws RangeError if the dimension does not exist
     * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
     */
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
