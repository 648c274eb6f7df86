import { needsGrad, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkCount, checkNumber, rangeError, readOptions } from '../check.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { formatShape, sameShape, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { add, div, mul } from './arithmetic.js'
import {
  checkClassIndices,
  checkClassInput,
  checkClassWeight,
  checkIgnoreIndex,
  CLASS_INDICES,
  classesOf,
  targetShape,
} from './class_indices.js'
import { logSoftmax } from './log_softmax.js'
import { checkConstant, checkLossReduction, type Reduction } from './loss.js'
import { reshape } from './reshape.js'
import { sum } from './sum.js'
import { transpose } from './transpose.js'

/** The options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** A weight for each class, of shape (C). Default: all 1. */
  weight?: Tensor | undefined
  /** A class index that counts for nothing. Default: -100. */
  ignoreIndex?: number | undefined
  /** `mean` divides by the sum of the weights of the targets that count. Default: `mean`. */
  reduction?: Reduction | undefined
  /** How much of each target is spread evenly over all classes, from 0 to 1. Default: 0. */
  labelSmoothing?: number | undefined
}

interface Settings {
  weight: FloatTensor | undefined
  ignoreIndex: number
  reduction: Reduction
  labelSmoothing: number
}

const where = 'crossEntropy'

/**
 * The cross entropy between the softmax of `input` and `target`: `-sum over c of q[c] * log(softmax(input)[c])`, where
 * `q` is the target distribution, smoothed and weighted. Finite for all finite inputs.
 *
 * @param input logits, of shape (C), (N, C) or (N, C, d1, ...)
 * @param target class indices (int32), of the input's shape without C (of an input (C), also (1)); or class
 *   probabilities (float), of its shape
 * @returns a single number, or with `reduction: 'none'` the shape of the input without C.
 *   The mean over nothing (all targets ignored) is NaN, as in PyTorch.
 * @throws TypeError if an argument is of the wrong kind
 * @throws RangeError if shapes do not fit, an index is not in [0, C), or an option is out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export function crossEntropy(input: Tensor, target: Tensor, options?: CrossEntropyOptions): FloatTensor {
  checkCount(where, arguments.length, 3)
  checkClassInput(where, input)
  checkTensor(where, 'target', target)
  const settings = checkCrossEntropyOptions(where, options)
  checkClassWeight(where, input, settings.weight)
  return isFloatTensor(target) ? withProbabilities(input, target, settings) : withIndices(input, target, settings)
}

/** Checks the options of a cross entropy, and completes them by their defaults. */
export function checkCrossEntropyOptions(name: string, options: CrossEntropyOptions | undefined): Settings {
  const defaults: CrossEntropyOptions = { weight: undefined, ignoreIndex: -100, reduction: 'mean', labelSmoothing: 0 }
  const { weight, ignoreIndex, reduction, labelSmoothing } = readOptions(name, options, defaults)
  if (weight !== undefined) checkFloat(name, 'weight', weight)
  checkIgnoreIndex(name, ignoreIndex)
  checkLossReduction(name, reduction)
  checkNumber(name, 'labelSmoothing', labelSmoothing)
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw rangeError(name, 'labelSmoothing', 'from 0 to 1', labelSmoothing)
  return { weight, ignoreIndex, reduction, labelSmoothing }
}

/** The logits as a matrix of one row a target: (N, C, d1, ...) becomes (N * d1 * ..., C). */
function asRows(input: FloatTensor): FloatTensor {
  const classes = classesOf(input)
  if (input.shape.length <= 2) return reshape(input, [sizeOf(targetShape(input)), classes])
  const positions = sizeOf(input.shape.slice(2))
  const grouped = transpose(reshape(input, [input.shape[0], classes, positions]), 1, 2)
  return reshape(grouped, [input.shape[0] * positions, classes])
}

function withIndices(input: FloatTensor, target: Tensor, settings: Settings): FloatTensor {
  checkClassIndices(where, input, target, settings.ignoreIndex, `${CLASS_INDICES} or probabilities (float)`)
  checkConstant(where, 'weight', settings.weight)
  const logits = asRows(input)
  const { weight, ignoreIndex, labelSmoothing, reduction } = settings
  const [rows, cols] = logits.shape
  const compute = kernels(input.dtype)

  const losses = Tensor.empty([rows], input.dtype)
  const weights = Tensor.empty([rows], input.dtype)
  const dLogits = needsGrad(input) ? Tensor.empty([rows, cols], input.dtype) : undefined
  compute.softmaxCrossEntropyForward(
    losses.data,
    weights.data,
    dLogits?.data,
    logits.data,
    target.data,
    weight?.data,
    rows,
    cols,
    ignoreIndex,
    labelSmoothing,
  )
  const divisor = reduction === 'mean' ? sum(weights) : undefined
  const total = reduction === 'none' ? losses.withShape(targetShape(input)) : sum(losses)
  const loss = divisor ? div(total, divisor) : total

  return record(where, loss, [logits], (dy) => {
    if (!dLogits) return []
    const scale = divisor ? div(dy, divisor) : dy
    const dx = Tensor.empty(logits.shape, input.dtype)
    compute.softmaxCrossEntropyBackward(dx.data, dLogits.data, scale.data, target.data, rows, cols, ignoreIndex)
    return [dx]
  })
}

/** Composed of other operations, so that gradients flow into the target too. */
function withProbabilities(input: FloatTensor, target: FloatTensor, settings: Settings): FloatTensor {
  checkFloat(where, 'target', target, input.dtype)
  if (!sameShape(target.shape, input.shape)) {
    const probabilities = `probabilities of the input's shape ${formatShape(input.shape)}`
    throw rangeError(where, 'target', `${CLASS_INDICES} or ${probabilities}`, target)
  }
  const { weight, ignoreIndex, labelSmoothing, reduction } = settings
  if (ignoreIndex >= 0)
    throw rangeError(where, 'ignoreIndex', 'negative (unused) with class probabilities', ignoreIndex)
  const classes = classesOf(input)
  const logits = asRows(input)
  const smoothed = add(mul(asRows(target), 1 - labelSmoothing), labelSmoothing / Math.max(classes, 1))
  const terms = mul(logSoftmax(logits, 1), smoothed)
  const losses = mul(sum(weight ? mul(terms, weight) : terms, 1), -1)
  if (reduction === 'none') return reshape(losses, targetShape(input))
  const total = sum(losses)
  return reduction === 'mean' ? div(total, losses.size) : total
}
