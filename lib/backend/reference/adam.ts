import type { FloatArray, Kernels } from '../../../binding.js'
import { fusedMultiplyAdd } from '../../generator/fma.js'
import { checkLength, checkLists } from './lengths.js'

export const adam: Kernels['adam'] = (
  params,
  grads,
  expAvgs,
  expAvgSqs,
  maxExpAvgSqs,
  steps,
  hyper,
  amsgrad,
  maximize,
  decoupled,
) => {
  checkLength('adam', 'hyper', hyper, 5)
  checkLists('adam', params, { grads, expAvgs, expAvgSqs, ...(amsgrad ? { maxExpAvgSqs } : {}), steps })
  for (let i = 0; i < params.length; i++) {
    const state = { expAvg: expAvgs[i], expAvgSq: expAvgSqs[i], maxExpAvgSq: amsgrad ? maxExpAvgSqs[i] : undefined }
    const coefficients = coefficientsAt((steps[i][0] += 1), hyper, maximize, decoupled)
    const update = params[i] instanceof Float32Array ? updateFloats : updateDoubles
    update(params[i], grads[i], state, coefficients)
  }
}

interface State {
  readonly expAvg: FloatArray
  readonly expAvgSq: FloatArray
  readonly maxExpAvgSq: FloatArray | undefined
}

/** What the hyperparameters come to at one step. */
interface Coefficients {
  /** -1 to maximize. */
  readonly gradSign: number
  /** Added to the gradient. */
  readonly weightDecay: number
  /** Of the parameter. */
  readonly shrink: number
  readonly beta1Rest: number
  readonly beta2: number
  readonly beta2Rest: number
  /** sqrt(1 - beta2^step) */
  readonly correction2Root: number
  readonly eps: number
  readonly minusStepSize: number
}

function coefficientsAt(step: number, hyper: Float64Array, maximize: boolean, decoupled: boolean): Coefficients {
  const [lr, beta1, beta2, eps, weightDecay] = hyper
  return {
    gradSign: maximize ? -1 : 1,
    weightDecay: decoupled ? 0 : weightDecay,
    shrink: decoupled ? 1 - lr * weightDecay : 1,
    beta1Rest: 1 - beta1,
    beta2,
    beta2Rest: 1 - beta2,
    correction2Root: Math.sqrt(1 - beta2 ** step),
    eps,
    minusStepSize: -(lr / (1 - beta1 ** step)),
  }
}

// The order of operations is that of PyTorch's _single_tensor_adam in torch/optim/adam.py.
function updateDoubles(param: FloatArray, grad: FloatArray, state: State, c: Coefficients): void {
  const { expAvg, expAvgSq, maxExpAvgSq } = state
  const { gradSign, weightDecay, shrink, beta1Rest, beta2, beta2Rest, correction2Root, eps, minusStepSize } = c
  for (let i = 0; i < param.length; i++) {
    const p = param[i] * shrink
    const g = grad[i] * gradSign + (weightDecay === 0 ? 0 : weightDecay * p)
    expAvg[i] += (g - expAvg[i]) * beta1Rest
    expAvgSq[i] = expAvgSq[i] * beta2 + beta2Rest * g * g
    let second = expAvgSq[i]
    if (maxExpAvgSq !== undefined) second = maxExpAvgSq[i] = Math.max(maxExpAvgSq[i], second)
    param[i] = p + (minusStepSize * expAvg[i]) / (Math.sqrt(second) / correction2Root + eps)
  }
}

const { fround } = Math

// The same with PyTorch's roundings in float32: what it multiplies and adds at once is rounded once.
function updateFloats(param: FloatArray, grad: FloatArray, state: State, c: Coefficients): void {
  const { expAvg, expAvgSq, maxExpAvgSq } = state
  const weightDecay = fround(c.weightDecay)
  const shrink = fround(c.shrink)
  const beta1Rest = fround(c.beta1Rest)
  const beta2 = fround(c.beta2)
  const beta2Rest = fround(c.beta2Rest)
  const correction2Root = fround(c.correction2Root)
  const eps = fround(c.eps)
  const minusStepSize = fround(c.minusStepSize)
  const fromStart = beta1Rest < 0.5
  const weight = fromStart ? beta1Rest : fround(beta1Rest - 1)
  for (let i = 0; i < param.length; i++) {
    const p = fround(param[i] * shrink)
    let g = fround(grad[i] * c.gradSign)
    if (weightDecay !== 0) g = fusedMultiplyAdd(weightDecay, p, g)
    const first = expAvg[i]
    const m = fusedMultiplyAdd(weight, fround(g - first), fromStart ? first : g)
    expAvg[i] = m
    let second = fusedMultiplyAdd(fround(beta2Rest * g), g, fround(expAvgSq[i] * beta2))
    expAvgSq[i] = second
    if (maxExpAvgSq !== undefined) second = maxExpAvgSq[i] = Math.max(maxExpAvgSq[i], second)
    const divisor = fround(fround(fround(Math.sqrt(second)) / correction2Root) + eps)
    param[i] = p + fround(fround(minusStepSize * m) / divisor)
  }
}
