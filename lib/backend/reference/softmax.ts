import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength, checkTargets } from './lengths.js'

/** The largest value of one row, and the sum of the exponentials of the row less that, which cannot overflow. */
function sumExp(x: FloatArray, start: number, cols: number): [largest: number, total: number] {
  let largest = -Infinity
  for (let c = 0; c < cols; c++) largest = Math.max(largest, x[start + c])
  if (largest === -Infinity) return [-Infinity, 1]
  let total = 0
  for (let c = 0; c < cols; c++) total += Math.exp(x[start + c] - largest)
  return [largest, total]
}

/**
 * `log(sum(exp(x)))` of one row in two parts: its largest value, and what the shifted row adds. Their sum would round the
 * second part to the precision of the first.
 */
function logSumExp(x: FloatArray, start: number, cols: number): [largest: number, rest: number] {
  const [largest, total] = sumExp(x, start, cols)
  return [largest, Math.log(total)]
}

export const softmaxForward: Kernels['softmaxForward'] = (y, x, rows, cols) => {
  checkLength('softmaxForward', 'y', y, rows * cols)
  checkLength('softmaxForward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, total] = sumExp(x, start, cols)
    for (let c = 0; c < cols; c++) y[start + c] = Math.exp(x[start + c] - largest) / total
  }
}

export const safeSoftmaxForward: Kernels['safeSoftmaxForward'] = (y, x, rows, cols) => {
  checkLength('safeSoftmaxForward', 'y', y, rows * cols)
  checkLength('safeSoftmaxForward', 'x', x, rows * cols)
  softmaxForward(y, x, rows, cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const isMasked = x.subarray(start, start + cols).every((value) => value === -Infinity)
    if (isMasked) y.fill(0, start, start + cols)
  }
}

export const softmaxBackward: Kernels['softmaxBackward'] = (dx, dy, y, rows, cols) => {
  checkLength('softmaxBackward', 'dx', dx, rows * cols)
  checkLength('softmaxBackward', 'dy', dy, rows * cols)
  checkLength('softmaxBackward', 'y', y, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    let [weighted, total] = [0, 0]
    for (let c = 0; c < cols; c++) {
      weighted += dy[start + c] * y[start + c]
      total += y[start + c]
    }
    const mean = total === 0 ? 0 : weighted / total
    for (let c = 0; c < cols; c++) dx[start + c] = (dy[start + c] - mean) * y[start + c]
  }
}

export const logSoftmaxForward: Kernels['logSoftmaxForward'] = (y, x, rows, cols) => {
  checkLength('logSoftmaxForward', 'y', y, rows * cols)
  checkLength('logSoftmaxForward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, rest] = logSumExp(x, start, cols)
    for (let c = 0; c < cols; c++) y[start + c] = x[start + c] - largest - rest
  }
}

export const logSoftmaxBackward: Kernels['logSoftmaxBackward'] = (dx, dy, x, rows, cols) => {
  checkLength('logSoftmaxBackward', 'dx', dx, rows * cols)
  checkLength('logSoftmaxBackward', 'dy', dy, rows * cols)
  checkLength('logSoftmaxBackward', 'x', x, rows * cols)
  for (let start = 0; start < rows * cols; start += cols) {
    const [largest, exponentials] = sumExp(x, start, cols)
    let total = 0
    for (let c = 0; c < cols; c++) total += dy[start + c]
    const scale = total / exponentials
    for (let c = 0; c < cols; c++) dx[start + c] = dy[start + c] - Math.exp(x[start + c] - largest) * scale
  }
}

export const softmaxCrossEntropyForward: Kernels['softmaxCrossEntropyForward'] = (
  loss,
  rowWeight,
  dLogits,
  logits,
  target,
  weight,
  rows,
  cols,
  ignoreIndex,
  labelSmoothing,
) => {
  const kernel = 'softmaxCrossEntropyForward'
  checkLength(kernel, 'loss', loss, rows)
  checkLength(kernel, 'rowWeight', rowWeight, rows)
  checkOptionalLength(kernel, 'dLogits', dLogits, rows * cols)
  checkLength(kernel, 'logits', logits, rows * cols)
  checkLength(kernel, 'target', target, rows)
  checkOptionalLength(kernel, 'weight', weight, cols)
  checkTargets(kernel, target, cols, ignoreIndex)
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) throw new RangeError(`${kernel}: labelSmoothing is outside [0, 1]`)

  for (let r = 0; r < rows; r++) {
    const start = r * cols
    const t = target[r]
    if (t === ignoreIndex) {
      loss[r] = rowWeight[r] = 0
      dLogits?.fill(0, start, start + cols)
      continue
    }
    const [largest, rest] = logSumExp(logits, start, cols)
    const logP = (c: number) => logits[start + c] - largest - rest
    const q = (c: number) => (weight?.[c] ?? 1) * ((c === t ? 1 - labelSmoothing : 0) + labelSmoothing / cols)
    let [rowLoss, qSum] = [0, 0]
    for (let c = 0; c < cols; c++) {
      if (q(c) !== 0) rowLoss -= q(c) * logP(c)
      qSum += q(c)
    }
    loss[r] = rowLoss
    rowWeight[r] = weight?.[t] ?? 1
    if (dLogits === undefined) continue
    for (let c = 0; c < cols; c++) dLogits[start + c] = qSum * Math.exp(logP(c)) - q(c)
  }
}

export const softmaxCrossEntropyBackward: Kernels['softmaxCrossEntropyBackward'] = (
  dx,
  dLogits,
  scale,
  target,
  rows,
  cols,
  ignoreIndex,
) => {
  const kernel = 'softmaxCrossEntropyBackward'
  checkLength(kernel, 'dx', dx, rows * cols)
  checkLength(kernel, 'dLogits', dLogits, rows * cols)
  checkLength(kernel, 'target', target, rows)
  if (scale.length !== 1) checkLength(kernel, 'scale', scale, rows)
  for (let r = 0; r < rows; r++) {
    const ignored = target[r] === ignoreIndex
    const rowScale = scale.length === 1 ? scale[0] : scale[r]
    for (let i = r * cols; i < (r + 1) * cols; i++) dx[i] = ignored ? 0 : dLogits[i] * rowScale
  }
}
