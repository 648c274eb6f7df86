import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength, checkTargets } from './lengths.js'

export const nllLossForward: Kernels['nllLossForward'] = (
  loss,
  rowWeight,
  x,
  target,
  weight,
  outer,
  cols,
  inner,
  ignoreIndex,
) => {
  const kernel = 'nllLossForward'
  checkLength(kernel, 'loss', loss, outer * inner)
  checkLength(kernel, 'rowWeight', rowWeight, outer * inner)
  checkLength(kernel, 'x', x, outer * cols * inner)
  checkLength(kernel, 'target', target, outer * inner)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkTargets(kernel, target, cols, ignoreIndex)

  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const row = o * inner + i
      const t = target[row]
      const ignored = t === ignoreIndex
      rowWeight[row] = ignored ? 0 : (weight?.[t] ?? 1)
      loss[row] = ignored ? 0 : -rowWeight[row] * x[(o * cols + t) * inner + i]
    }
  }
}

export const nllLossBackward: Kernels['nllLossBackward'] = (
  dx,
  scale,
  target,
  rowWeight,
  outer,
  cols,
  inner,
  ignoreIndex,
) => {
  const kernel = 'nllLossBackward'
  checkLength(kernel, 'dx', dx, outer * cols * inner)
  checkLength(kernel, 'target', target, outer * inner)
  checkLength(kernel, 'rowWeight', rowWeight, outer * inner)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, outer * inner)
  checkTargets(kernel, target, cols, ignoreIndex)

  dx.fill(0)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const row = o * inner + i
      const t = target[row]
      if (t === ignoreIndex) continue
      dx[(o * cols + t) * inner + i] = -rowWeight[row] * (scale.length === 1 ? scale[0] : scale[row])
    }
  }
}
