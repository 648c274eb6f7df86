import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength, checkTargets } from './lengths.js'

export const nllLossForward: Kernels['nllLossForward'] = (
  losses,
  totals,
  x,
  target,
  weight,
  outer,
  cols,
  inner,
  ignoreIndex,
) => {
  const kernel = 'nllLossForward'
  checkOptionalLength(kernel, 'losses', losses, outer * inner)
  checkLength(kernel, 'totals', totals, 2)
  checkLength(kernel, 'x', x, outer * cols * inner)
  checkLength(kernel, 'target', target, outer * inner)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkTargets(kernel, target, cols, ignoreIndex)

  totals.fill(0)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const row = o * inner + i
      const t = target[row]
      const w = t === ignoreIndex ? 0 : (weight?.[t] ?? 1)
      const loss = t === ignoreIndex ? 0 : -w * x[(o * cols + t) * inner + i]
      if (losses !== undefined) losses[row] = loss
      totals[0] += loss
      totals[1] += w
    }
  }
}

export const nllLossBackward: Kernels['nllLossBackward'] = (
  dx,
  scale,
  target,
  weight,
  outer,
  cols,
  inner,
  ignoreIndex,
) => {
  const kernel = 'nllLossBackward'
  checkLength(kernel, 'dx', dx, outer * cols * inner)
  checkLength(kernel, 'target', target, outer * inner)
  checkOptionalLength(kernel, 'weight', weight, cols)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, outer * inner)
  checkTargets(kernel, target, cols, ignoreIndex)

  dx.fill(0)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const row = o * inner + i
      const t = target[row]
      if (t === ignoreIndex) continue
      dx[(o * cols + t) * inner + i] = -(weight?.[t] ?? 1) * (scale.length === 1 ? scale[0] : scale[row])
    }
  }
}
