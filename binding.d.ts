/**
 * Every numerical routine of evenkeel, declared once.
 *
 * Flat functions over typed arrays and numbers. The caller allocates, a kernel overwrites its outputs (they come first)
 * and keeps no state. Matrices are dense and row-major. An argument that may be absent is `undefined`.
 *
 * Every kernel checks the lengths it is given before it writes anything: a `RangeError` for a length or value out of
 * range, a `TypeError` for an array of the wrong type. Outputs must not overlap inputs, except where it says so.
 *
 * Values that change from step to step (a learning rate, a step count) are passed in small buffers, not as numbers, so
 * that a recorded sequence of calls stays valid.
 */

/**
 * The element types that kernels compute in. The TypeScript kernels take both; of the addon's, those that integers and booleans
 * need, and the others `Float32Array` alone.
 */
export type FloatArray = Float32Array | Float64Array

/** The typed arrays that kernels take. */
export type Elements = FloatArray | Int32Array | Uint8Array

/** `F` is the array type of one implementation; all arrays of type `F` in one call are of the same type. */
export interface Kernels<F extends FloatArray = FloatArray> {
  // ---- Matrix multiplication -------------------------------------------------------------------------------------

  /**
   * `c = alpha * op(a) * op(b) + beta * c`, where `op` transposes if its flag is set. `op(a)` is (m, k), `op(b)` is
   * (k, n), `c` is (m, n). With `beta = 0`, `c` is overwritten and need not hold numbers; otherwise it is read too.
   */
  sgemm(
    c: F,
    a: F,
    b: F,
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    beta: number,
  ): void

  /** `y[i] = value` for `n` elements. */
  fill(y: F, n: number, value: number): void

  /**
   * `y = x * weight^T + bias`, and with `relu` the larger of that and 0. `x` is (rows, inFeatures), `weight` is
   * (outFeatures, inFeatures). An absent bias counts as zeros.
   */
  linearForward(
    y: F,
    x: F,
    weight: F,
    bias: F | undefined,
    rows: number,
    outFeatures: number,
    inFeatures: number,
    relu: boolean,
  ): void

  /**
   * `dx = dy * weight`, `dWeight = dy^T * x`, `dBias = sum over the rows of dy`; what is absent is not computed.
   *
   * With `z`, the output of {@link linearForward} with `relu`, `dy` is the gradient of `z`: the gradient of what the map
   * itself gave, `z <= 0 ? 0 : dy`, goes to `dz`, and takes the place of `dy` in the above. `dz` and `z` go together.
   */
  linearBackward(
    dx: F | undefined,
    dWeight: F | undefined,
    dBias: F | undefined,
    dz: F | undefined,
    dy: F,
    z: F | undefined,
    x: F,
    weight: F,
    rows: number,
    outFeatures: number,
    inFeatures: number,
  ): void

  // ---- Normalisation ---------------------------------------------------------------------------------------------

  /**
   * `y = (x - mean) * rstd * weight + bias` for each row, `rstd = 1 / sqrt(var + eps)`, with the biased variance.
   * `mean` and `rstd` hold one value a row. An absent weight counts as ones, an absent bias as zeros.
   * Rows without columns have mean 0 and rstd NaN, as in PyTorch.
   */
  layerNormForward(
    y: F,
    mean: Float64Array,
    rstd: Float64Array,
    x: F,
    weight: F | undefined,
    bias: F | undefined,
    rows: number,
    cols: number,
    eps: number,
  ): void

  /** The gradients of {@link layerNormForward}; an absent output is not computed. */
  layerNormBackward(
    dx: F | undefined,
    dWeight: F | undefined,
    dBias: F | undefined,
    dy: F,
    x: F,
    weight: F | undefined,
    mean: Float64Array,
    rstd: Float64Array,
    rows: number,
    cols: number,
  ): void

  /**
   * `y = x * rstd * weight` for each row, `rstd = 1 / sqrt(mean(x^2) + eps)`, one value a row. An absent weight counts
   * as ones. Rows without columns have rstd NaN.
   */
  rmsNormForward(y: F, rstd: Float64Array, x: F, weight: F | undefined, rows: number, cols: number, eps: number): void

  /** The gradients of {@link rmsNormForward}; an absent output is not computed. */
  rmsNormBackward(
    dx: F | undefined,
    dWeight: F | undefined,
    dy: F,
    x: F,
    weight: F | undefined,
    rstd: Float64Array,
    rows: number,
    cols: number,
  ): void

  /**
   * `y = (x - mean) * rstd * weight + bias` for each channel of a dense (outer, channels, inner) array,
   * `rstd = 1 / sqrt(var + eps)`. An absent weight counts as ones, an absent bias as zeros. If `training`, `mean` and
   * the biased `var` are those of `x`, and the running statistics, unless absent, follow them in place:
   * `running = (1 - momentum[0]) * running + momentum[0] * batch`, with the unbiased variance. Otherwise they are the
   * running statistics. Channels without elements have mean 0 and rstd NaN, and leave the running statistics alone.
   */
  batchNormForward(
    y: F,
    mean: Float64Array,
    rstd: Float64Array,
    runningMean: F | undefined,
    runningVar: F | undefined,
    x: F,
    weight: F | undefined,
    bias: F | undefined,
    momentum: Float64Array,
    outer: number,
    channels: number,
    inner: number,
    eps: number,
    training: boolean,
  ): void

  /** The gradients of {@link batchNormForward}; an absent output is not computed. */
  batchNormBackward(
    dx: F | undefined,
    dWeight: F | undefined,
    dBias: F | undefined,
    dy: F,
    x: F,
    weight: F | undefined,
    mean: Float64Array,
    rstd: Float64Array,
    outer: number,
    channels: number,
    inner: number,
    training: boolean,
  ): void

  /**
   * `y = (x - mean) * rstd * weight + bias` over a dense (outer, channels, inner) array, `rstd = 1 / sqrt(var + eps)`,
   * with the mean and the biased variance of each of the `groups` groups of neighbouring channels in each of the `outer`
   * samples; `mean` and `rstd` are (outer, groups). `weight` and `bias` hold one number a channel; an absent weight
   * counts as ones, an absent bias as zeros. Groups without elements have mean 0 and rstd NaN.
   */
  groupNormForward(
    y: F,
    mean: Float64Array,
    rstd: Float64Array,
    x: F,
    weight: F | undefined,
    bias: F | undefined,
    outer: number,
    channels: number,
    inner: number,
    groups: number,
    eps: number,
  ): void

  /** The gradients of {@link groupNormForward}; an absent output is not computed. */
  groupNormBackward(
    dx: F | undefined,
    dWeight: F | undefined,
    dBias: F | undefined,
    dy: F,
    x: F,
    weight: F | undefined,
    mean: Float64Array,
    rstd: Float64Array,
    outer: number,
    channels: number,
    inner: number,
    groups: number,
  ): void

  // ---- Elementwise -----------------------------------------------------------------------------------------------

  /** `y = x < 0 ? 0 : x`; NaN and -0 stay. */
  reluForward(y: F, x: F): void

  /** `dx = y <= 0 ? 0 : dy`, where `y` is the output of {@link reluForward}. */
  reluBackward(dx: F, dy: F, y: F): void

  /** `y = sqrt(x)`. */
  sqrtForward(y: F, x: F): void

  /** `dx = dy / (2 * y)`, where `y` is the output of {@link sqrtForward}. */
  sqrtBackward(dx: F, dy: F, y: F): void

  /** `y = exp(x)`. */
  expForward(y: F, x: F): void

  /** `y = log(x)`. */
  logForward(y: F, x: F): void

  /** `y = |x|`. */
  absForward(y: F, x: F): void

  /** `dx = dy * sign(x)`; the sign of 0 and of NaN is 0. */
  absBackward(dx: F, dy: F, x: F): void

  /** `y = 1 / (1 + exp(-x))`. */
  sigmoidForward(y: F, x: F): void

  /** `dx = dy * (1 - y) * y`, where `y` is the output of {@link sigmoidForward}. */
  sigmoidBackward(dx: F, dy: F, y: F): void

  /** `y = tanh(x)`. */
  tanhForward(y: F, x: F): void

  /** `dx = dy * (1 - y^2)`, where `y` is the output of {@link tanhForward}. */
  tanhBackward(dx: F, dy: F, y: F): void

  /**
   * `y = x * P(x)`, where `P` is the standard normal distribution function; if `approximate`,
   * `P(x) = (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2`.
   */
  geluForward(y: F, x: F, approximate: boolean): void

  /** `dx = dy * (P(x) + x * P'(x))`, with `P` as in {@link geluForward}. */
  geluBackward(dx: F, dy: F, x: F, approximate: boolean): void

  /** `y = x * s(x)` with `s(x) = 1 / (1 + exp(-x))`. */
  siluForward(y: F, x: F): void

  /** `dx = dy * s(x) * (1 + x * (1 - s(x)))`, with `s` as in {@link siluForward}. */
  siluBackward(dx: F, dy: F, x: F): void

  /**
   * `y[i] = a[i'] + b[i']` over the dense array `y` of the given shape. Element (i0, i1, ...) of `a` is at
   * `i0 * aStrides[0] + i1 * aStrides[1] + ...`; a stride of 0 repeats. The same for `b`. Strides are not negative.
   * `y` may be `a` itself, at the same strides, to add in place.
   */
  add(y: F, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a - b`, addressed as in {@link add}. */
  sub(y: F, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a * b`, addressed as in {@link add}. */
  mul(y: F, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a / b`, addressed as in {@link add}. */
  div(y: F, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a ^ b`, addressed as in {@link add}; the special values are those of C's `pow`. */
  powForward(y: F, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /**
   * `da = dy * b * a ^ (b - 1)`, and 0 where `b` is 0; `db = dy * y * log(a)`, and 0 where `a` is 0 and `b` at least 0.
   * `a` and `b` are addressed as in {@link add}, everything else is dense. `y` is the output of {@link powForward}. An
   * absent output is not computed.
   */
  powBackward(
    da: F | undefined,
    db: F | undefined,
    dy: F,
    a: F,
    b: F,
    y: F,
    shape: Int32Array,
    aStrides: Int32Array,
    bStrides: Int32Array,
  ): void

  /** `a == b`, addressed as in {@link add}: 1 where it holds, else 0. With NaN, no relation holds. */
  eq(y: Uint8Array, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a < b`, as {@link eq}. */
  lt(y: Uint8Array, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /** `a <= b`, as {@link eq}. */
  le(y: Uint8Array, a: F, b: F, shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array): void

  /**
   * Gathers a strided array into the dense array `y` of the given shape, addressed as in {@link add}. `y` must be of a
   * type that holds what `x` does: booleans become int32, and both, like either float, any float.
   */
  copyStrided(y: Elements, x: Elements, shape: Int32Array, strides: Int32Array): void

  /**
   * `y[yStart + i * yStep + j] = x[xStart + i * xStep + j]` for `count` blocks `i` of `length` elements `j`, of types as
   * for {@link copyStrided}. The rest of `y` stays as it is.
   */
  copyBlocks(
    y: Elements,
    x: Elements,
    yStart: number,
    yStep: number,
    xStart: number,
    xStep: number,
    count: number,
    length: number,
  ): void

  // ---- Integers and booleans, from the doubles that they are computed in ------------------------------------------

  /** `y = x`. An element that is no int32 is a `RangeError`. */
  toInt32(y: Int32Array, x: Float64Array): void

  /** `y = x != 0`: 1 where it holds, else 0. */
  toBool(y: Uint8Array, x: Float64Array): void

  /**
   * `y = a ^ b` modulo 2^32; with a negative `b`, 0 unless `a` is 1 or -1. An element of `a` that is no integer, or of
   * `b` that is no int32, is a `RangeError`.
   */
  integerPow(y: Int32Array, a: Float64Array, b: Float64Array): void

  // ---- Reductions over the middle axis of (outer, n, inner) ------------------------------------------------------

  /** `y[o, i] = sum over j of x[o, j, i]`; 0 where `n` is 0. */
  sum(y: F, x: F, outer: number, n: number, inner: number): void

  /** The index of the largest value, the first of equals; a NaN counts as the largest. `n` is at least 1. */
  argmax(indices: Int32Array, x: F, outer: number, n: number, inner: number): void

  /**
   * `y[o, i] = x[o, indices[o, i], i]`, where `y` is of the type of `x`. An index outside [0, n) is a `RangeError`; there
   * is one for each result.
   */
  gatherForward(y: Elements, x: Elements, indices: Int32Array, outer: number, n: number, inner: number): void

  /** The gradient of {@link gatherForward}: `dx[o, indices[o, i], i] = dy[o, i]`, and 0 elsewhere. */
  gatherBackward(dx: F, dy: F, indices: Int32Array, outer: number, n: number, inner: number): void

  /**
   * The gradient of the largest or smallest of all elements, which is `y[0]`: `dx[i] = dy[0] / count` for those of `x`
   * that equal it, as NaN equals NaN, and 0 elsewhere.
   */
  extremeBackward(dx: F, dy: F, x: F, y: F): void

  // ---- Rows of a matrix ------------------------------------------------------------------------------------------

  /**
   * `y[r] = sum over j of (x[r, j] - mean[r])^2 / divisor`, or the square root of it if `root`. `std` is the
   * square root in any case. `mean` and `std` are NaN where `n` is 0.
   */
  varForward(
    y: F,
    mean: Float64Array,
    std: Float64Array,
    x: F,
    rows: number,
    n: number,
    divisor: number,
    root: boolean,
  ): void

  /**
   * The gradient of {@link varForward}: `dx = dy * 2 / divisor * (x - mean)`, or `dy / (std * divisor) * (x - mean)` if
   * `root`, which is 0 where `std` is 0.
   */
  varBackward(
    dx: F,
    dy: F,
    x: F,
    mean: Float64Array,
    std: Float64Array,
    rows: number,
    n: number,
    divisor: number,
    root: boolean,
  ): void

  /** `y[i] = weight[indices[i]]`, rows of a (rows, cols) matrix. An index outside [0, rows) is a `RangeError`. */
  embeddingForward(y: F, weight: F, indices: Int32Array, rows: number, cols: number): void

  /**
   * `dWeight[r] = sum of dy[i]` over all `i` with `indices[i] = r`; 0 for `r = paddingIdx`, which may be -1: none.
   */
  embeddingBackward(dWeight: F, dy: F, indices: Int32Array, rows: number, cols: number, paddingIdx: number): void

  // ---- Random numbers --------------------------------------------------------------------------------------------

  /**
   * `y[i] = 1` with probability `p`, else 0, for `n` elements: each takes 64 bits of the engine MT19937, of which 53 count. `state` holds
   * its 624 words, then which of them comes next, from 0 to 624: it is read and written.
   */
  bernoulli(y: F, state: Int32Array, n: number, p: number): void

  // ---- Norms -----------------------------------------------------------------------------------------------------

  /**
   * `y[0] = (sum of |x|^p)^(1/p)` over the `n` elements of `x`: the largest |x| for `p = Infinity`, the smallest for
   * `-Infinity`, the number of elements that are not 0 for `p = 0`; and 0 if there are no elements.
   */
  norm(y: F, x: F, n: number, p: number): void

  // ---- Softmax and losses ----------------------------------------------------------------------------------------

  /** `y = exp(x) / sum(exp(x))` for each row. */
  softmaxForward(y: F, x: F, rows: number, cols: number): void

  /** `dx = (dy - sum(dy * y)) * y` for each row, with `y = softmax(x)`, for the input `x` of {@link softmaxForward}. */
  softmaxBackward(dx: F, dy: F, x: F, rows: number, cols: number): void

  /** As {@link softmaxForward}, but rows that hold -infinity alone become zeros. */
  safeSoftmaxForward(y: F, x: F, rows: number, cols: number): void

  /**
   * `dx = (dy - sum(dy * y) / sum(y)) * y` for each row, and 0 where all of `y` is: the output of
   * {@link safeSoftmaxForward}.
   */
  safeSoftmaxBackward(dx: F, dy: F, y: F, rows: number, cols: number): void

  /** `y = x - log(sum(exp(x)))` for each row. */
  logSoftmaxForward(y: F, x: F, rows: number, cols: number): void

  /** `dx = dy - softmax(x) * sum(dy)` for each row, where `x` is the input of {@link logSoftmaxForward}. */
  logSoftmaxBackward(dx: F, dy: F, x: F, rows: number, cols: number): void

  /**
   * The cross entropy of each row, with `p = softmax(logits)` and the target distribution
   * `q[c] = (1 - labelSmoothing) * weight[t] * (c == t) + labelSmoothing / cols * weight[c]`:
   *
   *     losses = -sum(q * log(p))      totals = [sum of all losses, sum of weight[t]]
   *
   * A smoothed loss over targets whose weights sum to 0 has no mean: its second total is NaN.
   *
   * `exponentials` holds the `sum(exp(x - max(x)))` of each row, for the backward pass. A row whose target is
   * `ignoreIndex` counts for nothing, and gets zeros. An absent weight counts as ones; absent losses are not written.
   * Any other target outside [0, cols) is a `RangeError`. A term with `q[c] = 0` is left out of the sum, so a logit of
   * -infinity off the target costs nothing.
   */
  softmaxCrossEntropyForward(
    losses: F | undefined,
    totals: Float64Array,
    exponentials: Float64Array,
    logits: F,
    target: Int32Array,
    weight: F | undefined,
    rows: number,
    cols: number,
    ignoreIndex: number,
    labelSmoothing: number,
  ): void

  /**
   * `dLogits[r] = (sum(q) * p - q) * scale[r]`, with `q` and `p` as in {@link softmaxCrossEntropyForward}, and 0 in rows
   * whose target is `ignoreIndex`, whatever the scale. `scale` holds one value a row, or one for all.
   */
  softmaxCrossEntropyBackward(
    dLogits: F,
    scale: Float64Array,
    logits: F,
    exponentials: Float64Array,
    target: Int32Array,
    weight: F | undefined,
    rows: number,
    cols: number,
    ignoreIndex: number,
    labelSmoothing: number,
  ): void

  /**
   * The cross entropy of each row with a distribution over the classes, with `p = softmax(logits)` and
   * `q = (1 - labelSmoothing) * target + labelSmoothing / cols`:
   *
   *     losses = -sum(weight * q * log(p))      totals = [sum of all losses, rows, or 0 if cols is]
   *
   * `exponentials` holds the `sum(exp(x - max(x)))` of each row, for the backward pass. An absent weight counts as ones;
   * absent losses are not written. No term is left out: 0 times -infinity is NaN.
   */
  softTargetCrossEntropyForward(
    losses: F | undefined,
    totals: Float64Array,
    exponentials: Float64Array,
    logits: F,
    target: F,
    weight: F | undefined,
    rows: number,
    cols: number,
    labelSmoothing: number,
  ): void

  /**
   * The gradients of {@link softTargetCrossEntropyForward}, where `scale` holds one value a row, or one for all; an
   * absent output is not computed:
   *
   *     dLogits = (sum(weight * q) * p - weight * q) * scale
   *     dTarget = (labelSmoothing - 1) * weight * log(p) * scale
   *     dWeight = -sum over the rows of q * log(p) * scale
   */
  softTargetCrossEntropyBackward(
    dLogits: F | undefined,
    dTarget: F | undefined,
    dWeight: F | undefined,
    scale: Float64Array,
    logits: F,
    exponentials: Float64Array,
    target: F,
    weight: F | undefined,
    rows: number,
    cols: number,
    labelSmoothing: number,
  ): void

  /**
   * `losses[o, i] = -weight[t] * x[o, t, i]` with `t = target[o, i]`, for `x` of (outer, cols, inner), and
   * `totals = [sum of all losses, sum of weight[t]]`. A target that is `ignoreIndex` counts for nothing, and its loss is
   * 0. An absent weight counts as ones; absent losses are not written. Any other target outside [0, cols) is a
   * `RangeError`.
   */
  nllLossForward(
    losses: F | undefined,
    totals: Float64Array,
    x: F,
    target: Int32Array,
    weight: F | undefined,
    outer: number,
    cols: number,
    inner: number,
    ignoreIndex: number,
  ): void

  /**
   * `dx[o, t, i] = -weight[t] * scale[o, i]` with `t = target[o, i]`; everything else is 0, and so is all of it where `t`
   * is `ignoreIndex`, whatever the scale. `scale` holds one value a target, or one for all.
   */
  nllLossBackward(
    dx: F,
    scale: Float64Array,
    target: Int32Array,
    weight: F | undefined,
    outer: number,
    cols: number,
    inner: number,
    ignoreIndex: number,
  ): void

  /**
   * What kernels of losses leave in `totals` as one number, rounded once: `loss[0] = totals[0]`, or if `mean`,
   * `totals[0] / totals[1]`.
   */
  reduceLossForward(loss: F, totals: Float64Array, mean: boolean): void

  /** The gradients of losses from that of what they are reduced to: `scale[i] = dy[i]`, or if `mean`, `dy[i] / totals[1]`. */
  reduceLossBackward(scale: Float64Array, dy: F, totals: Float64Array, mean: boolean): void

  /**
   * `loss = (1 - t) * x - q * log(s(x))`, element by element, with `t = target`, `s(x) = 1 / (1 + exp(-x))` and
   * `q = 1 + (posWeight - 1) * t`. An absent `posWeight` counts as ones.
   */
  binaryCrossEntropyForward(loss: F, x: F, target: F, posWeight: F | undefined): void

  /**
   * `dx = scale * ((1 - t + posWeight * t) * s(x) - posWeight * t)` and
   * `dTarget = scale * (log(s(-x)) - posWeight * log(s(x)))`, as in {@link binaryCrossEntropyForward}. `scale` holds one
   * value an element, or one for all. An absent output is not computed.
   */
  binaryCrossEntropyBackward(
    dx: F | undefined,
    dTarget: F | undefined,
    scale: F,
    x: F,
    target: F,
    posWeight: F | undefined,
  ): void

  // ---- Optimizers ------------------------------------------------------------------------------------------------

  /**
   * One step of Adam over any number of tensors, in place: `params`, `expAvgs`, `expAvgSqs`, `maxExpAvgSqs` and `steps`
   * are read and written. Each list has one array a tensor; `steps` has arrays of length 1, counted up here.
   * `hyper` is `[lr, beta1, beta2, eps, weightDecay]`. `maxExpAvgSqs` is empty unless `amsgrad`.
   * `decoupled` shrinks the parameter (AdamW) instead of adding `weightDecay * param` to the gradient.
   */
  adam(
    params: readonly F[],
    grads: readonly F[],
    expAvgs: readonly F[],
    expAvgSqs: readonly F[],
    maxExpAvgSqs: readonly F[],
    steps: readonly F[],
    hyper: Float64Array,
    amsgrad: boolean,
    maximize: boolean,
    decoupled: boolean,
  ): void

  /**
   * One step of gradient descent over any number of tensors, in place: `params`, `momentumBuffers` and `steps` are read
   * and written. Each list has one array a tensor; `steps` has arrays of length 1, which count the gradients in the
   * buffers: the first becomes the buffer. `hyper` is `[lr, momentum, dampening, weightDecay]`. With a momentum of 0,
   * buffers and counts are left alone, and both lists may be empty.
   */
  sgd(
    params: readonly F[],
    grads: readonly F[],
    momentumBuffers: readonly F[],
    steps: readonly F[],
    hyper: Float64Array,
    nesterov: boolean,
    maximize: boolean,
  ): void
}

/** What the addon says of itself. */
export interface NativeInfo {
  /** The BLAS library, its version and the core it chose, e.g. `OpenBLAS 0.3.21 (SkylakeX)`. */
  blas: string
  /** The instruction set that the vector kernels run on, in Highway's names, e.g. `AVX3`. */
  simd: string
}

/** Recorded calls of kernels, in C++. */
export interface NativeProgram {
  readonly program: unique symbol
}

/** The module that `require('.../evenkeel.node')` returns. */
export interface NativeAddon {
  kernels: Kernels<Float32Array>
  info(): NativeInfo
  /** A program without steps. Who runs it keeps the arrays of its calls from being freed or transferred until then. */
  createProgram(): NativeProgram
  /** For each kernel: takes a program and the arguments of a call, and adds the call to the program. */
  recorders: Record<keyof Kernels, (program: NativeProgram, ...args: readonly unknown[]) => void>
  /**
   * Runs the program `steps` times. `inputs` and `outputs` are pairs of typed arrays of one type, a slot and `steps` times
   * as many elements: before each step, the next of them are copied into the slot, or after it from there.
   */
  runProgram: (program: NativeProgram, steps: number, inputs: readonly Elements[], outputs: readonly Elements[]) => void
  /** The same on a thread of its own. Whoever touches an array of the program or of this call until then races with it. */
  runProgramAsync(
    program: NativeProgram,
    steps: number,
    inputs: readonly Elements[],
    outputs: readonly Elements[],
  ): Promise<void>
  /** How many threads of the process may work on one kernel, the calling one among them; 0 until set. */
  getNumThreads(): number
  /** Sets it, from 1 to 1024, for the whole process. What kernels compute does not depend on it. */
  setNumThreads(count: number): void
  /**
   * Keeps up to so many bytes of the memory that was freed, for the whole process, instead of giving it back to the system:
   * new memory costs a page fault for every 4 KiB. Without effect where the C library is not glibc.
   */
  keepFreedMemory(bytes: number): void
}
