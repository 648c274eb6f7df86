import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

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
  const lists = { grads, expAvgs, expAvgSqs, ...(amsgrad ? { maxExpAvgSqs } : {}) }
  checkAdam(params, lists, steps, hyper)
  for (let i = 0; i < params.length; i++) {
    const state = { expAvg: expAvgs[i], expAvgSq: expAvgSqs[i], maxExpAvgSq: amsgrad ? maxExpAvgSqs[i] : undefined }
    const step = (steps[i][0] += 1)
    updateTensor(params[i], grads[i], state, step, hyper, maximize, decoupled)
  }
}

function checkAdam(
  params: readonly FloatArray[],
  lists: Record<string, readonly FloatArray[]>,
  steps: readonly FloatArray[],
  hyper: Float64Array,
): void {
  checkLength('adam', 'hyper', hyper, 5)
  for (const [name, list] of Object.entries({ ...lists, steps })) {
    if (list.length === params.length) continue
    throw new RangeError(`adam: ${name} has ${list.length} arrays, expected ${params.length}, as many as params`)
  }
  params.forEach((param, i) => {
    for (const [name, list] of Object.entries(lists)) {
      checkLength('adam', `${name}[${i}]`, list[i], param.length)
    }
    checkLength('adam', `steps[${i}]`, steps[i], 1)
  })
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
