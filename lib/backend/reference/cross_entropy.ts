import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLabelSmoothing, checkLength, checkOptionalLength, checkTargets } from './lengths.js'
import { sumExp } from './softmax.js'

/** How much each class counts in a row of target `t`, and how much all of them do. */
function distribution(
  t: number,
  weight: FloatArray | undefined,
  cols: number,
  smoothing: number,
): [q: (c: number) => number, sum: number] {
  const q = (c: number) => (weight?.[c] ?? 1) * ((c === t ? 1 - smoothing : 0) + smoothing / cols)
  let sum = 0
  for (let c = 0; c < cols; c++) sum += q(c)
  return [q, sum]
}

export const softmaxCrossEntropyForward: Kernels['softmaxCrossEntropyForward'] = (
  losses,
  totals,
  exponentials,
  logits,
  target,
  weight,
  rows,
  cols,
  ignoreIndex,
  labelSmoothing,
) => {
  const kernel = 'softmaxCrossEntropyForward'
  checkOptionalLength(kernel, 'losses', losses, rows)
  checkLength(kernel, 'totals', totals, 2)
  checkLength(kernel, 'exponentials', exponentials, rows)
  checkLength(kernel, 'logits', logits, rows * cols)
  checkLength(kernel, 'target', target, rows)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkTargets(kernel, target, cols, ignoreIndex)
  checkLabelSmoothing(kernel, labelSmoothing)

  totals.fill(0)
  for (let r = 0; r < rows; r++) {
    const start = r * cols
    const t = target[r]
    let loss = 0
    exponentials[r] = 0
    if (t !== ignoreIndex) {
      const [largest, sum] = sumExp(logits, start, cols)
      const logSum = Math.log(sum)
      const [q] = distribution(t, weight, cols, labelSmoothing)
      for (let c = 0; c < cols; c++) if (q(c) !== 0) loss -= q(c) * (logits[start + c] - largest - logSum)
      exponentials[r] = sum
      totals[0] += loss
      totals[1] += weight?.[t] ?? 1
    }
    if (losses !== undefined) losses[r] = loss
  }
  // PyTorch divides the loss of the targets and that of all classes each: 0 / 0, where no target has a weight, is NaN.
  if (totals[1] === 0 && totals[0] !== 0 && labelSmoothing > 0) totals[1] = NaN
}

export const softmaxCrossEntropyBackward: Kernels['softmaxCrossEntropyBackward'] = (
  dLogits,
  scale,
  logits,
  exponentials,
  target,
  weight,
  rows,
  cols,
  ignoreIndex,
  labelSmoothing,
) => {
  const kernel = 'softmaxCrossEntropyBackward'
  checkLength(kernel, 'dLogits', dLogits, rows * cols)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, rows)
  checkLength(kernel, 'logits', logits, rows * cols)
  checkLength(kernel, 'exponentials', exponentials, rows)
  checkLength(kernel, 'target', target, rows)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkTargets(kernel, target, cols, ignoreIndex)
  checkLabelSmoothing(kernel, labelSmoothing)

  dLogits.fill(0)
  for (let r = 0; r < rows; r++) {
    if (target[r] === ignoreIndex) continue
    const start = r * cols
    const [largest] = sumExp(logits, start, cols)
    const [q, sum] = distribution(target[r], weight, cols, labelSmoothing)
    const rowScale = scale.length === 1 ? scale[0] : scale[r]
    for (let c = 0; c < cols; c++) {
      const probability = Math.exp(logits[start + c] - largest) / exponentials[r]
      dLogits[start + c] = (sum * probability - q(c)) * rowScale
    }
  }
}
