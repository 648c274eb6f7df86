import { tensor, type TypedArray } from '../create.js'
import type { Tensor } from '../tensor.js'
import type { Dataset } from './dataset.js'
import { gatherRows } from './tensor_dataset.js'

/** Whether a value is a typed array of numbers, not of bigints. */
export function isNumbers(value: unknown): value is TypedArray {
  if (!ArrayBuffer.isView(value)) return false
  return !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array)
}

/** The numbers of a typed array, each a sample; batches have the dtype that `tensor` gives the array. */
export class NumberDataset implements Dataset<number> {
  readonly #numbers: Tensor

  constructor(array: TypedArray) {
    this.#numbers = tensor(array)
  }

  get length(): number {
    return this.#numbers.size
  }

  get(index: number): number {
    return this.#numbers.data[index]
  }

  /** These numbers: what putting them together gives. */
  gather(indices: Int32Array): Tensor {
    return gatherRows('dataset', this.#numbers, indices)
  }
}
