import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength, checkLists } from './lengths.js'

export const sgd: Kernels['sgd'] = (params, grads, momentumBuffers, steps, hyper, nesterov, maximize) => {
  checkLength('sgd', 'hyper', hyper, 4)
  const hasMomentum = hyper[1] !== 0
  checkLists('sgd', params, { grads })
  if (hasMomentum || momentumBuffers.length > 0) checkLists('sgd', params, { momentumBuffers })
  if (hasMomentum || steps.length > 0) checkLists('sgd', params, { steps })
  for (let i = 0; i < params.length; i++) {
    const momentumBuffer = hasMomentum ? momentumBuffers[i] : undefined
    const isFirst = hasMomentum && (steps[i][0] += 1) === 1
    updateTensor(params[i], grads[i], { momentumBuffer, isFirst }, hyper, nesterov, maximize)
  }
}

interface State {
  readonly momentumBuffer: FloatArray | undefined
  /** Whether the buffer holds nothing yet. */
  readonly isFirst: boolean
}

// The order of operations is that of PyTorch's _single_tensor_sgd in torch/optim/sgd.py.
function updateTensor(
  param: FloatArray,
  grad: FloatArray,
  { momentumBuffer, isFirst }: State,
  hyper: Float64Array,
  nesterov: boolean,
  maximize: boolean,
): void {
  const [lr, momentum, dampening, weightDecay] = hyper
  for (let i = 0; i < param.length; i++) {
    let g = maximize ? -grad[i] : grad[i]
    if (weightDecay !== 0) g += weightDecay * param[i]
    if (momentumBuffer !== undefined) {
      momentumBuffer[i] = isFirst ? g : momentum * momentumBuffer[i] + (1 - dampening) * g
      g = nesterov ? g + momentum * momentumBuffer[i] : momentumBuffer[i]
    }
    param[i] -= lr * g
  }
}
