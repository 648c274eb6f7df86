import { checkCount, checkNumber, rangeError, typeError } from '../check.js'
import { checkFloat, checkTensor, INT32_TENSOR, isFloatTensor } from '../operand.js'
import { argmax } from '../ops/argmax.js'
import { formatShape, sameShape } from '../shape.js'
import type { Tensor } from '../tensor.js'

/** A number that says how good the outputs of a batch are. */
export type Metric = (output: Tensor, target: Tensor) => number

/** Averages over samples: the loss, and each metric by its name. */
export interface Averages {
  /** The losses of the batches, averaged with the numbers of their samples as weights. */
  readonly loss: number
  /** The metrics of the batches, averaged in the same way. */
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * The share of samples whose class has the largest output: a metric for `fit`.
 *
 * @param output scores of shape (C), (N, C) or (N, C, d1, ...), as for `nn.CrossEntropyLoss`
 * @param target int32 class indices of the output's shape without C, or float class probabilities of the output's shape
 * @returns a number from 0 to 1; NaN if there are no samples
 * @throws TypeError if an argument is no such tensor, RangeError if the shapes do not fit
 */
export function accuracy(output: Tensor, target: Tensor): number {
  checkCount('accuracy', arguments.length, 2)
  checkFloat('accuracy', 'output', output)
  checkTensor('accuracy', 'target', target)
  if (output.shape.length === 0) throw rangeError('accuracy', 'output', 'of one dimension at least', output)
  const dim = Math.min(1, output.shape.length - 1)
  const shape = isFloatTensor(target) ? output.shape : output.shape.toSpliced(dim, 1)
  if (target.dtype === 'bool') throw typeError('accuracy', 'target', INT32_TENSOR, target)
  if (!sameShape(target.shape, shape)) throw rangeError('accuracy', 'target', `of shape ${formatShape(shape)}`, target)
  const predicted = argmax(output, dim).data
  const expected = isFloatTensor(target) ? argmax(target, dim).data : target.data
  let correct = 0
  for (let i = 0; i < predicted.length; i++) if (predicted[i] === expected[i]) correct++
  return correct / predicted.length
}

/** What has been added up over the batches of an epoch: plain data. */
export interface Totals {
  /** How many samples there were. */
  samples: number
  /** The loss of each batch times the number of its samples. */
  loss: number
  /** The same of each metric. */
  metrics: Record<string, number>
}

/** Nothing, added up. */
export function noTotals(metrics: Readonly<Record<string, Metric>>): Totals {
  return { samples: 0, loss: 0, metrics: Object.fromEntries(Object.keys(metrics).map((name) => [name, 0])) }
}

/** Adds a batch. */
export function addBatch(
  totals: Totals,
  metrics: Readonly<Record<string, Metric>>,
  { loss, output, target, size }: { loss: number; output: Tensor; target: Tensor; size: number },
): void {
  totals.samples += size
  totals.loss += loss * size
  for (const [name, metric] of Object.entries(metrics)) {
    const value: unknown = metric(output, target)
    checkNumber('fit', `what metrics.${name} returns`, value)
    totals.metrics[name] += value * size
  }
}

/** The averages over all samples. */
export function averagesOf({ samples, loss, metrics }: Totals): Averages {
  const means = Object.entries(metrics).map(([name, total]) => [name, total / samples])
  return { loss: loss / samples, metrics: Object.fromEntries(means) as Record<string, number> }
}
