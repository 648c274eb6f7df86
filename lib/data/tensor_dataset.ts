import { checkCount, checkInteger, rangeError, typeError } from '../check.js'
import { allocate, type DType } from '../dtype.js'
import { checkTensor } from '../operand.js'
import { sizeOf } from '../shape.js'
import { Tensor } from '../tensor.js'
import type { Dataset } from './dataset.js'

/**
 * Samples that are rows of tensors: sample `i` holds what each tensor has at index `i` of its first dimension. A large
 * typed array becomes one without a copy: `new TensorDataset(tensor(pixels, { shape: [n, 784] }), tensor(labels))`.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
 */
export class TensorDataset<Tensors extends readonly Tensor[] = readonly Tensor[]> implements Dataset<Tensors> {
  /** The tensors. */
  readonly tensors: Tensors

  /**
   * @param tensors of the same length in their first dimension
   * @throws TypeError if there is none, or one of them is no tensor
   * @throws RangeError if one has no dimensions, or their lengths differ
   */
  constructor(...tensors: Tensors) {
    if (tensors.length === 0) throw typeError('TensorDataset', 'tensors', 'one tensor at least', undefined)
    tensors.forEach((tensor: unknown, i) => {
      const argument = `tensors[${i}]`
      checkTensor('TensorDataset', argument, tensor)
      if (tensor.shape.length === 0) throw rangeError('TensorDataset', argument, 'of one dimension at least', tensor)
      const length = tensors[0].shape[0]
      if (tensor.shape[0] !== length) throw rangeError('TensorDataset', argument, `of length ${length}`, tensor)
    })
    this.tensors = tensors
  }

  /** How many samples there are. */
  get length(): number {
    return this.tensors[0].shape[0]
  }

  /**
   * The rows of one sample, which share the elements of the tensors, outside of any graph.
   *
   * @throws TypeError if `index` is not a number, RangeError if there is no such sample
   */
  get(index: number): Tensors {
    checkCount('get', arguments.length, 1)
    checkInteger('TensorDataset', 'index', index, 0, this.length - 1)
    return this.tensors.map((tensor) => rowOf(tensor, index)) as readonly Tensor[] as Tensors
  }

  /** @internal The rows of these samples, a tensor each of all of them: what stacking the samples gives. */
  gather(indices: Int32Array): Tensor[] {
    return this.tensors.map((tensor, i) => gatherRows(`tensors[${i}]`, tensor, indices))
  }
}

function rowOf(tensor: Tensor, index: number): Tensor {
  const shape = tensor.shape.slice(1)
  const size = sizeOf(shape)
  return new Tensor<DType>(tensor.data.subarray(index * size, (index + 1) * size), shape)
}

/** The rows of a tensor that have these numbers, in a tensor of their own. */
export function gatherRows(argument: string, tensor: Tensor, indices: Int32Array): Tensor {
  checkTensor('DataLoader', argument, tensor)
  const shape = tensor.shape.slice(1)
  const size = sizeOf(shape)
  const rows = allocate(tensor.dtype, indices.length * size)
  indices.forEach((index, i) => rows.set(tensor.data.subarray(index * size, (index + 1) * size), i * size))
  return new Tensor<DType>(rows, [indices.length, ...shape])
}
