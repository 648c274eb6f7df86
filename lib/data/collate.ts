import { rangeError, typeError } from '../check.js'
import type { TypedArray } from '../create.js'
import { allocate, type DType } from '../dtype.js'
import { checkTensor } from '../operand.js'
import { formatShape, sameShape, type Shape } from '../shape.js'
import { Tensor } from '../tensor.js'
import { isNumbers } from './number_dataset.js'

/** What samples become when a loader puts them together without a `collate` of its own. */
export type Collated<Sample> =
  Sample extends Tensor<infer D>
    ? Tensor<D>
    : Sample extends Int32Array
      ? Tensor<'int32'>
      : Sample extends TypedArray | number
        ? Tensor<'float32'>
        : Sample extends boolean
          ? Tensor<'bool'>
          : Sample extends string
            ? string[]
            : Sample extends object
              ? { -readonly [Key in keyof Sample]: Collated<Sample[Key]> }
              : unknown

const WHERE = 'DataLoader'
const KINDS = 'a tensor, a typed array, a number, a boolean, a string, or an array or plain object of these'

/**
 * Puts samples together into a batch, as `default_collate` of PyTorch: tensors are stacked, numbers become a tensor,
 * arrays and objects are put together field by field, strings stay an array.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
 */
export function collate(samples: readonly unknown[], path = 'sample'): unknown {
  const [first] = samples
  if (Tensor.isTensor(first)) return stackTensors(samples, path)
  if (isNumbers(first)) return stackNumbers(samples, path)
  if (Array.isArray(first)) return columnsOf(samples, first.length, path)
  switch (typeof first) {
    case 'number':
      return new Tensor(Float32Array.from(allOf('number', samples, path)), [samples.length])
    case 'boolean':
      return new Tensor(Uint8Array.from(allOf('boolean', samples, path), Number), [samples.length])
    case 'string':
      return allOf('string', samples, path)
  }
  if (!isRecord(first)) throw typeError(WHERE, path, KINDS, first)
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, collate(fieldOf(samples, key, path), `${path}.${key}`)]),
  )
}

interface Kinds {
  number: number
  boolean: boolean
  string: string
}

function allOf<K extends keyof Kinds>(kind: K, samples: readonly unknown[], path: string): Kinds[K][] {
  for (const sample of samples) if (typeof sample !== kind) throw typeError(WHERE, `every ${path}`, `a ${kind}`, sample)
  return samples as Kinds[K][]
}

function columnsOf(samples: readonly unknown[], length: number, path: string): unknown[] {
  for (const sample of samples) {
    if (!Array.isArray(sample)) throw typeError(WHERE, `every ${path}`, 'an array', sample)
    if (sample.length !== length) throw rangeError(WHERE, `every ${path}`, `of ${length} fields`, sample)
  }
  const rows = samples as unknown[][]
  return Array.from({ length }, (_, i) => {
    const column = rows.map((row) => row[i])
    return collate(column, `${path}[${i}]`)
  })
}

function fieldOf(samples: readonly unknown[], key: string, path: string): unknown[] {
  return samples.map((sample) => {
    if (isRecord(sample) && Object.hasOwn(sample, key)) return sample[key]
    throw typeError(WHERE, `every ${path}`, `an object with ${key}`, sample)
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function stackTensors(samples: readonly unknown[], path: string): Tensor {
  const tensors = samples.map((sample) => {
    checkTensor(WHERE, `every ${path}`, sample)
    return sample
  })
  const [{ shape, dtype }] = tensors
  for (const tensor of tensors) {
    if (tensor.dtype !== dtype) throw typeError(WHERE, `every ${path}`, `a ${dtype} tensor`, tensor)
    if (!sameShape(tensor.shape, shape))
      throw rangeError(WHERE, `every ${path}`, `of shape ${formatShape(shape)}`, tensor)
  }
  const arrays = tensors.map(({ data }) => data)
  return stacked(arrays, dtype, shape)
}

/** Typed arrays give what `tensor` makes of one: int32 of an Int32Array, float32 of all others. */
function stackNumbers(samples: readonly unknown[], path: string): Tensor {
  const arrays = samples.map((sample) => {
    if (!isNumbers(sample)) throw typeError(WHERE, `every ${path}`, 'a typed array of numbers', sample)
    return sample
  })
  const [first] = arrays
  const isInt = first instanceof Int32Array
  for (const array of arrays) {
    if (array.length !== first.length) throw rangeError(WHERE, `every ${path}`, `of ${first.length} elements`, array)
    if (array instanceof Int32Array !== isInt)
      throw typeError(WHERE, `every ${path}`, `a ${first.constructor.name}`, array)
  }
  return stacked(arrays, isInt ? 'int32' : 'float32', [first.length])
}

function stacked(arrays: readonly ArrayLike<number>[], dtype: DType, shape: Shape): Tensor {
  const [{ length }] = arrays
  const data = allocate(dtype, arrays.length * length)
  arrays.forEach((array, i) => data.set(array, i * length))
  return new Tensor<DType>(data, [arrays.length, ...shape])
}
