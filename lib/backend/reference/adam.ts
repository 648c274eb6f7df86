import type { FloatArray, Kernels } from '../../../binding.js'
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
    const step = (steps[i][0] += 1)
    updateTensor(params[i], grads[i], state, step, hyper, maximize, decoupled)
  }
}

interface State {
  readonly expAvg: FloatArray
  readonly expAvgSq: FloatArray
  readonly maxExpAvgSq: FloatArray | undefined
}

// The order of operations is that of PyTorch's _single_tensor_adam in torch/optim/adam.py.
function updateTensor(
  param: FloatArray,
  grad: FloatArray,
  { expAvg, expAvgSq, maxExpAvgSq }: State,
  step: number,
  hyper: Float64Array,
  maximize: boolean,
  decoupled: boolean,
): void {
  const [lr, beta1, beta2, eps, weightDecay] = hyper
  const stepSize = lr / (1 - beta1 ** step)
  const correction2Sqrt = Math.sqrt(1 - beta2 ** step)
  const shrink = decoupled ? 1 - lr * weightDecay : 1
  const decay = decoupled ? 0 : weightDecay
  for (let i = 0; i < param.length; i++) {
    const p = param[i] * shrink
    const g = (maximize ? -grad[i] : grad[i]) + (decay === 0 ? 0 : decay * p)
    expAvg[i] += (g - expAvg[i]) * (1 - beta1)
    expAvgSq[i] = expAvgSq[i] * beta2 + (1 - beta2) * g * g
    let second = expAvgSq[i]
    if (maxExpAvgSq !== undefined) second = maxExpAvgSq[i] = Math.max(maxExpAvgSq[i], second)
    param[i] = p - (stepSize * expAvg[i]) / (Math.sqrt(second) / correction2Sqrt + eps)
  }
}
