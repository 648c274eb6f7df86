import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { temporaryDoubles } from '../capture.js'
import { checkCount, checkNumber, rangeError, readOptions } from '../check.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { formatShape, sameShape, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import {
  checkClassIndices,
  checkClassInput,
  checkClassWeight,
  checkIgnoreIndex,
  CLASS_INDICES,
  classesOf,
  nllLossGradFn,
  targetShape,
} from './class_indices.js'
import { checkConstant, checkLossReduction, ofTotals, type Reduction, scaleOf } from './loss.js'
import { reshape } from './reshape.js'
import { transpose } from './transpose.js'

/** The options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** A weight for each class, of shape (C). Default: all 1. */
  weight?: Tensor | null | undefined
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
  const positions = sizeOf(input.shape, 2)
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

  const losses = reduction === 'none' ? Tensor.empty(targetShape(input), input.dtype) : undefined
  const totals = temporaryDoubles(2)
  const exponentials = temporaryDoubles(rows)
  const given = () => [target.elements, weight?.elements, rows, cols, ignoreIndex, labelSmoothing] as const
  compute.softmaxCrossEntropyForward(losses?.elements, totals, exponentials, logits.elements, ...given())

  return record(
    { name: where, gradFn: labelSmoothing > 0 ? 'AddBackward0' : nllLossGradFn(input, reduction) },
    losses ?? ofTotals(totals, reduction, input.dtype),
    [logits],
    (dy) => {
      const [dx] = gradientsFor(logits)
      const scale = scaleOf(dy, totals, reduction)
      if (dx) compute.softmaxCrossEntropyBackward(dx.elements, scale, logits.elements, exponentials, ...given())
      return [dx]
    },
  )
}

/** Gradients flow into the target and the weights too, as in PyTorch. */
function withProbabilities(input: FloatTensor, target: FloatTensor, settings: Settings): FloatTensor {
  checkFloat(where, 'target', target, input.dtype)
  if (!sameShape(target.shape, input.shape)) {
    const probabilities = `probabilities of the input's shape ${formatShape(input.shape)}`
    throw rangeError(where, 'target', `${CLASS_INDICES} or ${probabilities}`, target)
  }
  const { weight, ignoreIndex, labelSmoothing, reduction } = settings
  if (ignoreIndex >= 0)
    throw rangeError(where, 'ignoreIndex', 'negative (unused) with class probabilities', ignoreIndex)
  const [logits, probabilities] = [asRows(input), asRows(target)]
  const [rows, cols] = logits.shape
  const compute = kernels(input.dtype)

  const losses = reduction === 'none' ? Tensor.empty(targetShape(input), input.dtype) : undefined
  const totals = temporaryDoubles(2)
  const exponentials = temporaryDoubles(rows)
  const given = () => [probabilities.elements, weight?.elements, rows, cols, labelSmoothing] as const
  compute.softTargetCrossEntropyForward(losses?.elements, totals, exponentials, logits.elements, ...given())

  return record(
    { name: where, gradFn: reduction === 'mean' && input.size > 0 ? 'DivBackward1' : 'NegBackward0' },
    losses ?? ofTotals(totals, reduction, input.dtype),
    [logits, probabilities, weight],
    (dy) => {
      const gradients = gradientsFor(logits, probabilities, weight)
      const [dLogits, dTarget, dWeight] = gradients.map((gradient) => gradient?.elements)
      const scale = scaleOf(dy, totals, reduction)
      compute.softTargetCrossEntropyBackward(
        dLogits,
        dTarget,
        dWeight,
        scale,
        logits.elements,
        exponentials,
        ...given(),
      )
      return gradients
    },
  )
}
