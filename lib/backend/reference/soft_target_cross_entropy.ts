import type { Kernels } from '../../../binding.js'
import { checkLabelSmoothing, checkLength, checkOptionalLength } from './lengths.js'
import { sumExp } from './softmax.js'

export const softTargetCrossEntropyForward: Kernels['softTargetCrossEntropyForward'] = (
  losses,
  totals,
  exponentials,
  logits,
  target,
  weight,
  rows,
  cols,
  labelSmoothing,
) => {
  const kernel = 'softTargetCrossEntropyForward'
  checkOptionalLength(kernel, 'losses', losses, rows)
  checkLength(kernel, 'totals', totals, 2)
  checkLength(kernel, 'exponentials', exponentials, rows)
  checkLength(kernel, 'logits', logits, rows * cols)
  checkLength(kernel, 'target', target, rows * cols)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkLabelSmoothing(kernel, labelSmoothing)

  totals[0] = -0
  totals[1] = cols === 0 ? 0 : rows
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    const [largest, sum] = sumExp(logits, start, cols)
    const logSum = Math.log(sum)
    let total = 0
    for (let c = 0; c < cols; c++) {
      const q = (1 - labelSmoothing) * target[start + c] + labelSmoothing / cols
      total += (weight?.[c] ?? 1) * q * (logits[start + c] - largest - logSum)
    }
    exponentials[r] = sum
    totals[0] -= total
    if (losses !== undefined) losses[r] = -total
  }
}

export const softTargetCrossEntropyBackward: Kernels['softTargetCrossEntropyBackward'] = (
  dLogits,
  dTarget,
  dWeight,
  scale,
  logits,
  exponentials,
  target,
  weight,
  rows,
  cols,
  labelSmoothing,
) => {
  const kernel = 'softTargetCrossEntropyBackward'
  checkOptionalLength(kernel, 'dLogits', dLogits, rows * cols)
  checkOptionalLength(kernel, 'dTarget', dTarget, rows * cols)
  checkOptionalLength(kernel, 'dWeight', dWeight, cols)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, rows)
  checkLength(kernel, 'logits', logits, rows * cols)
  checkLength(kernel, 'exponentials', exponentials, rows)
  checkLength(kernel, 'target', target, rows * cols)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkLabelSmoothing(kernel, labelSmoothing)

  const weightSums = new Float64Array(cols)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    const [largest] = sumExp(logits, start, cols)
    const logSum = Math.log(exponentials[r])
    const rowScale = scale.length === 1 ? scale[0] : scale[r]
    const q = (c: number) => (1 - labelSmoothing) * target[start + c] + labelSmoothing / cols
    let sum = 0
    for (let c = 0; c < cols; c++) sum += (weight?.[c] ?? 1) * q(c)
    for (let c = 0; c < cols; c++) {
      const w = weight?.[c] ?? 1
      const depth = logits[start + c] - largest
      const scaledLog = (depth - logSum) * rowScale
      const probability = Math.exp(depth) / exponentials[r]
      if (dLogits !== undefined) dLogits[start + c] = (sum * probability - w * q(c)) * rowScale
      if (dTarget !== undefined) dTarget[start + c] = (labelSmoothing - 1) * w * scaledLog
      weightSums[c] -= q(c) * scaledLog
    }
  }
  dWeight?.set(weightSums)
}
