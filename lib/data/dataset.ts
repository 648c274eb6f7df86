import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { checkInteger, typeError } from '../check.js'
import { MAX_SIZE } from '../shape.js'
import { isNumbers, NumberDataset } from './number_dataset.js'

/**
 * Samples that can be read in any order. A sample is what a batch is put together of: a tensor, a number, an array or
 * object of these, or anything that `collate` of the loader takes.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Dataset
 */
export interface Dataset<Sample = unknown> {
  /** How many samples there are. May change between epochs. */
  readonly length: number
  /** The sample of a number from 0 up to, not including, `length`; or a promise of it. */
  get(index: number): Sample | PromiseLike<Sample>
}

/**
 * What a loader reads: a {@link Dataset}, a plain array of samples, a typed array of numbers, or samples that come one
 * after the other: an iterable, an async iterable such as a Node stream in object mode, or a function that opens one.
 */
export type DataSource<Sample = unknown> =
  | Dataset<Sample>
  | readonly Sample[]
  | AsyncIterable<Sample>
  | Iterable<Sample>
  | (() => AsyncIterable<Sample> | Iterable<Sample>)

/** Samples that come one after the other, from the first on each time. */
export interface Stream {
  open(): AsyncIterable<unknown> | Iterable<unknown>
}

/** Makes one of two kinds of every source: samples by number, or one after the other. */
export function readSource(where: string, source: unknown): Dataset | Stream {
  if (typeof source === 'function') return fromFunction(where, source as () => unknown)
  if (typeof source !== 'object' || source === null) throw notASource(where, source)
  if (isNumbers(source)) return new NumberDataset(source)
  if (ArrayBuffer.isView(source)) throw notASource(where, source)
  if (Array.isArray(source)) return fromArray(source)
  if ('get' in source && typeof source.get === 'function' && 'length' in source) {
    const dataset = source as Dataset
    lengthOf(where, dataset)
    return dataset
  }
  if (isIterable(source)) return fromIterable(where, source)
  throw notASource(where, source)
}

/** Whether samples come one after the other. */
export function isStream(source: Dataset | Stream): source is Stream {
  return !('get' in source)
}

/** The length of a dataset, as it says now. */
export function lengthOf(where: string, { length }: Dataset): number {
  checkInteger(where, 'dataset.length', length, 0, MAX_SIZE)
  return length
}

function notASource(where: string, given: unknown): TypeError {
  const expected = 'a dataset with length and get(index), an array, a typed array, or an iterable or a function of one'
  return typeError(where, 'dataset', expected, given)
}

function fromArray(samples: readonly unknown[]): Dataset {
  return {
    get length() {
      return samples.length
    },
    get: (index) => samples[index],
  }
}

function fromFunction(where: string, open: () => unknown): Stream {
  return {
    open() {
      const opened = open()
      if (!isIterable(opened))
        throw typeError(where, 'what dataset() returns', 'an iterable or an async iterable', opened)
      checkObjectMode(where, opened)
      return opened
    },
  }
}

function fromIterable(where: string, iterable: AnyIterable): Stream {
  checkObjectMode(where, iterable)
  let isSpent = false
  return {
    open() {
      if (isSpent) {
        throw new Error(`${where}: the dataset has been read and cannot be read again; pass a function that opens it`)
      }
      isSpent = isReadOnce(iterable)
      return iterable
    },
  }
}

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>

function isIterable(value: unknown): value is AnyIterable {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

/** Whether iterating reads it up, as streams and running generators. */
function isReadOnce(iterable: AnyIterable): boolean {
  return iterable instanceof Readable || iterable instanceof ReadableStream || 'next' in iterable
}

function checkObjectMode(where: string, iterable: AnyIterable): void {
  if (!(iterable instanceof Readable) || iterable.readableObjectMode) return
  throw typeError(where, 'dataset', 'a stream in object mode, of samples', iterable)
}
