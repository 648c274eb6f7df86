import { countSteps } from '../capture.js'
import { checkAtLeast, checkBoolean, checkCount, checkInteger, checkNumber, rangeError, readOptions } from '../check.js'
import { ones, zeros } from '../create.js'
import { checkTensor } from '../operand.js'
import { batchNorm } from '../ops/batch_norm.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonBoolean, pythonFloat } from '../repr.js'

/** The options of {@link BatchNorm1d}. */
export interface BatchNormModuleOptions {
  /** What is added to the variance, so that a constant channel does not divide by zero. Default: 1e-5. */
  eps?: number | undefined
  /**
   * How far the running statistics move towards those of a batch; `null` for the plain average over all batches.
   * Default: 0.1.
   */
  momentum?: number | null | undefined
  /** Whether a scale and a shift are learned. Default: true. */
  affine?: boolean | undefined
  /** Whether running statistics are kept; without them, every batch is normalised by its own. Default: true. */
  trackRunningStats?: boolean | undefined
  /** Whether a shift is learned; counts only with `affine`. Default: true. */
  bias?: boolean | undefined
}

/**
 * Batch normalisation: every channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted,
 *
 *     y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias
 *
 * In training, mean and (biased) variance are those of the batch, and the running statistics follow them, with the
 * unbiased variance: `running = (1 - momentum) * running + momentum * batch`. In evaluation, they are the running
 * statistics. Shapes: input and output (N, C) or (N, C, L) with C = `numFeatures`; `weight` (ones at first), `bias`
 * (zeros), `running_mean` (zeros) and `running_var` (ones) (C).
 *
 * The buffers have the names that PyTorch gives them, so that checkpoints can be exchanged. PyTorch counts batches in an
 * int64, which {@link load} reads as int32; an int32 is what {@link save} writes, and PyTorch reads.
 *
 * @see Ioffe, Szegedy, "Batch Normalization", 2015, https://arxiv.org/abs/1502.03167
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 */
export class BatchNorm1d extends Module {
  /** How many channels the input has. */
  readonly numFeatures: number
  /** What is added to the variance. */
  readonly eps: number
  /** How far the running statistics move towards those of a batch; `null` for their plain average. */
  readonly momentum: number | null
  /** Whether running statistics are kept. */
  readonly trackRunningStats: boolean
  /** The scale, of shape (C); absent without `affine`. */
  weight: Parameter | undefined
  /** The shift, of shape (C); absent without `affine` or `bias`. */
  bias: Parameter | undefined
  /** The running mean, of shape (C): a buffer; absent without `trackRunningStats`. */
  running_mean: Tensor | undefined
  /** The running variance, of shape (C): a buffer; absent without `trackRunningStats`. */
  running_var: Tensor | undefined
  /** How many batches the running statistics are of, an int32 without dimensions: a buffer, absent like the others. */
  num_batches_tracked: Tensor | undefined

  /**
   * @throws TypeError or RangeError if `numFeatures` is not an integer of at least 0, or an option is of the wrong kind
   */
  constructor(numFeatures: number, options?: BatchNormModuleOptions) {
    checkCount('BatchNorm1d', arguments.length, 2)
    super()
    checkInteger('BatchNorm1d', 'numFeatures', numFeatures, 0)
    const { eps, momentum, affine, trackRunningStats, bias } = readOptions('BatchNorm1d', options, {
      eps: 1e-5,
      momentum: 0.1,
      affine: true,
      trackRunningStats: true,
      bias: true,
    })
    checkAtLeast('BatchNorm1d', 'eps', eps, 0)
    if (momentum !== null) checkNumber('BatchNorm1d', 'momentum', momentum)
    checkBoolean('BatchNorm1d', 'affine', affine)
    checkBoolean('BatchNorm1d', 'trackRunningStats', trackRunningStats)
    checkBoolean('BatchNorm1d', 'bias', bias)
    this.numFeatures = numFeatures
    this.eps = eps
    this.momentum = momentum
    this.trackRunningStats = trackRunningStats
    this.weight = affine ? new Parameter(ones([numFeatures])) : undefined
    this.bias = affine && bias ? new Parameter(zeros([numFeatures])) : undefined
    if (!trackRunningStats) return
    this.registerBuffer('running_mean', zeros([numFeatures]))
    this.registerBuffer('running_var', ones([numFeatures]))
    this.registerBuffer('num_batches_tracked', Tensor.empty([], 'int32'))
  }

  /**
   * @throws RangeError if the input has not 2 or 3 dimensions, or not `numFeatures` channels, or is otherwise none that `F.batchNorm` takes. The running
   *   statistics stay as they were then
   */
  override forward(input: Tensor): FloatTensor {
    checkCount('BatchNorm1d.forward', arguments.length, 1)
    checkTensor('BatchNorm1d', 'input', input)
    const { weight, bias, eps, running_mean: mean, running_var: variance, num_batches_tracked: batches } = this
    const [, channels] = input.shape
    const expected = (weight ?? mean)?.shape[0] ?? channels ?? 'C'
    if ((input.shape.length !== 2 && input.shape.length !== 3) || channels !== expected) {
      throw rangeError('BatchNorm1d', 'input', `of shape [N,${expected}] or [N,${expected},L]`, input)
    }
    const training = this.training || (mean === undefined && variance === undefined)
    const momentum = this.momentum ?? 1 / ((batches?.data[0] ?? 0) + 1)
    const y = batchNorm(input, mean, variance, { weight, bias, training, momentum, eps })
    if (this.training && batches) countSteps(batches)
    return y
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, weight, bias, trackRunningStats } = this
    return [
      String(numFeatures),
      `eps=${pythonFloat(eps)}`,
      `momentum=${momentum === null ? 'None' : pythonFloat(momentum)}`,
      `affine=${pythonBoolean(weight !== undefined)}`,
      `bias=${pythonBoolean(bias !== undefined)}`,
      `track_running_stats=${pythonBoolean(trackRunningStats)}`,
    ].join(', ')
  }
}
