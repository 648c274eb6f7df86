import { checkCount, checkInteger } from '../check.js'
import { zeros } from '../create.js'
import { checkPaddingIdx, embedding, type EmbeddingOptions } from '../ops/embedding.js'
import type { FloatTensor, Tensor } from '../tensor.js'
import { normal } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'

/**
 * A table of vectors that are looked up by their indices: `y[i] = weight[indices[i]]`.
 *
 * Shapes: indices (*), int32; output (*, embeddingDim); `weight` (numEmbeddings, embeddingDim), which begins normally
 * distributed with mean 0 and variance 1. The row `paddingIdx` begins as zeros and gets no gradient.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends Module {
  /** How many vectors there are. */
  readonly numEmbeddings: number
  /** The length of each vector. */
  readonly embeddingDim: number
  /** The index of the row that is not learned, from 0; absent if all are. */
  readonly paddingIdx: number | undefined
  /** The vectors, of shape (numEmbeddings, embeddingDim). */
  weight: Parameter

  /**
   * @throws TypeError or RangeError if a number is not an integer of at least 0, or `paddingIdx` is no row
   */
  constructor(numEmbeddings: number, embeddingDim: number, options?: EmbeddingOptions) {
    checkCount('Embedding', arguments.length, 3)
    super()
    checkInteger('Embedding', 'numEmbeddings', numEmbeddings, 0)
    checkInteger('Embedding', 'embeddingDim', embeddingDim, 0)
    this.numEmbeddings = numEmbeddings
    this.embeddingDim = embeddingDim
    this.paddingIdx = checkPaddingIdx('Embedding', numEmbeddings, options)
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim]))
    this.resetParameters()
  }

  /** Draws the vectors anew. */
  resetParameters(): void {
    checkCount('resetParameters', arguments.length, 0)
    normal(this.weight)
    const { paddingIdx, embeddingDim } = this
    if (paddingIdx === undefined) return
    this.weight.data.fill(0, paddingIdx * embeddingDim, (paddingIdx + 1) * embeddingDim)
  }

  /** The vectors of these indices. */
  override forward(indices: Tensor): FloatTensor {
    checkCount('Embedding.forward', arguments.length, 1)
    return embedding(indices, this.weight, { paddingIdx: this.paddingIdx })
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, paddingIdx } = this
    return `${numEmbeddings}, ${embeddingDim}${paddingIdx === undefined ? '' : `, padding_idx=${paddingIdx}`}`
  }
}
