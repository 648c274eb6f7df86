import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkValues } from '../capture.js'
import { checkCount, checkInteger, rangeError, readOptions, typeError } from '../check.js'
import { checkFloat, checkTensor, INT32_TENSOR } from '../operand.js'
import { checkShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The options of {@link embedding}. */
export interface EmbeddingOptions {
  /** The index of a row that gets no gradient, counted from the end if negative. Default: none. */
  paddingIdx?: number | null | undefined
}

/** What kernels take for no row. */
const NONE = -1

/**
 * Looks up rows: `y[i] = weight[indices[i]]`. The gradient of a row is the sum over all its uses.
 *
 * @param indices of any shape, int32, from 0 to numEmbeddings - 1
 * @param weight of shape (numEmbeddings, embeddingDim)
 * @returns a tensor of shape (*indices.shape, embeddingDim)
 * @throws TypeError if an argument is of the wrong kind
 * @throws RangeError if an index is out of range, or `weight` has not two dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 */
export function embedding(indices: Tensor, weight: Tensor, options?: EmbeddingOptions): FloatTensor {
  checkCount('embedding', arguments.length, 3)
  checkFloat('embedding', 'weight', weight)
  if (weight.shape.length !== 2)
    throw rangeError('embedding', 'weight', 'of shape [numEmbeddings,embeddingDim]', weight)
  const [rows, cols] = weight.shape
  const paddingIdx = checkPaddingIdx('embedding', rows, options) ?? NONE
  checkIndices(indices, rows)
  const shape = checkShape('embedding', 'the shape of the result', [...indices.shape, cols])
  const compute = kernels(weight.dtype)

  const y = Tensor.uninitialized(shape, weight.dtype)
  compute.embeddingForward(y.elements, weight.elements, indices.elements, rows, cols)
  return record('embedding', y, [weight], (dy) => {
    const [dWeight] = gradientsFor(weight)
    if (dWeight) compute.embeddingBackward(dWeight.elements, dy.elements, indices.elements, rows, cols, paddingIdx)
    return [dWeight]
  })
}

/** Checks the options of an embedding of so many rows; returns the index of the row that gets no gradient, if any. */
export function checkPaddingIdx(
  where: string,
  rows: number,
  options: EmbeddingOptions | undefined,
): number | undefined {
  const defaults: EmbeddingOptions = { paddingIdx: undefined }
  const { paddingIdx } = readOptions(where, options, defaults)
  if (paddingIdx === undefined) return undefined
  checkInteger(where, 'paddingIdx', paddingIdx, -rows, rows - 1)
  return paddingIdx < 0 ? paddingIdx + rows : paddingIdx
}

function checkIndices(indices: unknown, rows: number): asserts indices is Tensor<'int32'> {
  checkTensor('embedding', 'indices', indices)
  if (indices.dtype !== 'int32') throw typeError('embedding', 'indices', INT32_TENSOR, indices)
  checkValues(indices as Tensor<'int32'>, (values) => {
    const bad = values.find((index) => index < 0 || index >= rows)
    if (bad !== undefined) throw rangeError('embedding', 'indices', `from 0 to ${rows - 1}`, bad)
  })
}
