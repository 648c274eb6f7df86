import { checkBoolean, checkCount, checkFunction, checkInteger, rangeError, readOptions, typeError } from '../check.js'
import { Generator as RandomGenerator } from '../generator/generator.js'
import { drawSeed, generatorFor } from '../random.js'
import { closedOnAbort } from '../closing.js'
import { type Collated, collate as defaultCollate } from './collate.js'
import { type Dataset, type DataSource, isStream, lengthOf, readSource, type Stream } from './dataset.js'
import { NumberDataset } from './number_dataset.js'
import { TensorDataset } from './tensor_dataset.js'

/** The options of {@link DataLoader}. */
export interface DataLoaderOptions<Sample = unknown, Batch = unknown> {
  /** How many samples a batch has. Default: 1. */
  batchSize?: number | undefined
  /** Whether to read the samples in a new random order each time. Default: false. */
  shuffle?: boolean | undefined
  /** Whether to leave out the last batch if it has fewer samples than the others. Default: false. */
  dropLast?: boolean | undefined
  /**
   * The seed of a generator of the loader's own, `torch.Generator().manual_seed(seed)`, which gives the orders of all
   * epochs. Default: the order is drawn from the random numbers of `manualSeed`.
   */
  seed?: number | bigint | undefined
  /** Puts samples together into a batch. Default: as described for {@link DataLoader}. */
  collate?: ((samples: Sample[]) => Batch) | undefined
}

const WHERE = 'DataLoader'

/**
 * Reads samples in batches, in their order or shuffled; each iteration is an epoch.
 *
 * `for (const [x, t] of loader)` reads a {@link TensorDataset}, an array or another dataset whose `get` is synchronous;
 * `for await` reads everything, also iterables, async iterables and streams, of which it holds one batch at a time: data
 * may be larger than memory. A stream can be read once; for several epochs, pass a function that opens it.
 *
 * Unless there is a `collate`, samples are put together as in PyTorch: tensors are stacked (batch of shape [B, ...]), a
 * typed array counts as a tensor, numbers become a float32 tensor of shape [B] and booleans a bool tensor, strings stay
 * an array, and arrays and plain objects are put together field by field.
 *
 * After `manualSeed`, the order is PyTorch's, bit for bit, and the same random numbers are drawn: one seed an epoch, and
 * another one if it is shuffled.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
export class DataLoader<Sample = unknown, Batch = Collated<Sample>> {
  /** What is read. */
  readonly dataset: DataSource<Sample>
  /** How many samples a batch has. */
  readonly batchSize: number
  /** Whether the last batch is left out if it has fewer samples than the others. */
  readonly dropLast: boolean

  readonly #shuffle: boolean
  readonly #collate: ((samples: unknown[]) => unknown) | undefined
  readonly #generator: RandomGenerator | undefined
  readonly #source: Dataset | Stream

  /**
   * @throws TypeError if `dataset` is none, or an option is of the wrong kind or misspelled
   * @throws RangeError if an option is out of range, or `shuffle` is asked for of what comes in an order of its own, or of
   *   nothing
   */
  constructor(dataset: DataSource<Sample>, options?: DataLoaderOptions<Sample, Batch>) {
    checkCount('DataLoader', arguments.length, 2)
    const defaults = { batchSize: 1, shuffle: false, dropLast: false, seed: undefined, collate: undefined }
    const { batchSize, shuffle, dropLast, seed, collate } = readOptions<DataLoaderOptions<Sample, Batch>>(
      WHERE,
      options,
      defaults,
    )
    checkInteger(WHERE, 'batchSize', batchSize, 1)
    checkBoolean(WHERE, 'shuffle', shuffle)
    checkBoolean(WHERE, 'dropLast', dropLast)
    if (collate !== undefined) checkFunction(WHERE, 'collate', collate)
    this.#generator = seed === undefined ? undefined : generatorFor(WHERE, seed)
    this.dataset = dataset
    this.batchSize = batchSize
    this.dropLast = dropLast
    this.#shuffle = shuffle
    this.#collate = collate as ((samples: unknown[]) => unknown) | undefined
    this.#source = readSource(WHERE, dataset)
    if (isStream(this.#source)) {
      if (shuffle) throw rangeError(WHERE, 'shuffle', 'false for samples that come in an order of their own', shuffle)
    } else if (shuffle && lengthOf(WHERE, this.#source) === 0) {
      throw rangeError(WHERE, 'dataset', 'of one sample at least to shuffle', dataset)
    }
  }

  /**
   * How many batches an epoch has.
   *
   * @throws TypeError if the samples come one after the other: how many there are is not known
   */
  get length(): number {
    const { knownLength } = this
    if (knownLength === undefined) throw typeError(`${WHERE}.length`, 'dataset', 'one with a length', this.dataset)
    return knownLength
  }

  /** @internal How many batches an epoch has, if that is known. */
  get knownLength(): number | undefined {
    if (isStream(this.#source)) return undefined
    const batches = lengthOf(WHERE, this.#source) / this.batchSize
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  /**
   * An epoch, for `for ... of`.
   *
   * @throws TypeError for samples that come one after the other or as promises, which `for await` reads
   */
  [Symbol.iterator](): Generator<Batch, void, undefined> {
    const source = this.#source
    if (isStream(source)) throw typeError(WHERE, 'dataset', 'one with a length for `for ... of`', this.dataset)
    this.#drawSeed()
    return this.#batchesOf(source)
  }

  /** An epoch, for `for await`. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    return this.batchesAfter(0, () => undefined)
  }

  /**
   * @internal An epoch without its first batches, which are passed over; `onSkipped` is called after the last of them, if
   * there are any, before anything else is read. What samples come from is closed when the signal aborts.
   */
  batchesAfter(
    skipped: number,
    onSkipped: () => Promise<void> | void,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch, void, undefined> {
    this.#drawSeed()
    const source = this.#source
    const batches = isStream(source) ? this.#streamed(source, signal) : this.#fetched(source)
    return awaited(batches, skipped, onSkipped)
  }

  /** @internal The state of the loader's own generator, if it has one. */
  getState(): Int32Array | undefined {
    return this.#generator?.getState()
  }

  /** @internal Makes the loader's own generator go on from a state. */
  setState(state: Int32Array): void {
    this.#generator?.setState(state)
  }

  *#batchesOf(samples: Dataset): Generator<Batch, void, undefined> {
    for (const indices of this.#indices(samples)) {
      if (this.#canGather(samples)) yield samples.gather(indices) as Batch
      else yield this.#together(Array.from(indices, (index) => synchronous(samples.get(index))))
    }
  }

  /** The batches of an epoch, each read when its function is called. */
  *#fetched(samples: Dataset): Generator<() => Batch | Promise<Batch>, void, undefined> {
    for (const indices of this.#indices(samples)) {
      yield this.#canGather(samples)
        ? () => samples.gather(indices) as Batch
        : async () => this.#together(await Promise.all(Array.from(indices, (index) => samples.get(index))))
    }
  }

  /** The batches of an epoch, whose samples have been read. */
  async *#streamed(stream: Stream, signal?: AbortSignal): AsyncGenerator<() => Batch, void, undefined> {
    let samples: unknown[] = []
    const opened = stream.open()
    for await (const sample of signal ? closedOnAbort(opened, signal) : opened) {
      samples.push(sample)
      if (samples.length < this.batchSize) continue
      const batch = samples
      yield () => this.#together(batch)
      samples = []
    }
    if (samples.length > 0 && !this.dropLast) yield () => this.#together(samples)
  }

  /** Whether batches can be taken from the tensors as a whole, to the same effect. */
  #canGather(samples: Dataset): samples is TensorDataset | NumberDataset {
    const isGatherable = samples instanceof TensorDataset || samples instanceof NumberDataset
    return isGatherable && this.#collate === undefined
  }

  #together(samples: unknown[]): Batch {
    return (this.#collate ?? defaultCollate)(samples) as Batch
  }

  /** PyTorch's loader draws a seed for its workers at the begin of every epoch, whether it has any or not. */
  #drawSeed(): void {
    if (this.#generator === undefined) drawSeed()
    else this.#generator.random63()
  }

  /** The numbers of the samples of each batch. */
  *#indices(samples: Dataset): Generator<Int32Array, void, undefined> {
    const { batchSize } = this
    const length = lengthOf(WHERE, samples)
    const order = this.#shuffle ? this.#permutation(length) : Int32Array.from({ length }, (_, i) => i)
    const whole = length - (length % batchSize)
    for (let start = 0; start < whole; start += batchSize) yield order.subarray(start, start + batchSize)
    // When the numbers run out, PyTorch's RandomSampler draws one more permutation, of which it takes nothing.
    if (this.#shuffle) this.#generator?.randperm(new Int32Array(length))
    if (whole < length && !this.dropLast) yield order.subarray(whole)
  }

  #permutation(length: number): Int32Array {
    const order = new Int32Array(length)
    const generator = this.#generator ?? new RandomGenerator(drawSeed())
    generator.randperm(order)
    return order
  }
}

function synchronous(sample: unknown): unknown {
  if (typeof (sample as { then?: unknown } | null | undefined)?.then !== 'function') return sample
  throw typeError(WHERE, 'dataset.get', 'synchronous for `for ... of` (`for await` takes promises)', sample)
}

/** What the functions return, but for the first ones, which are not called. */
async function* awaited<T>(
  items: AsyncIterable<() => T> | Iterable<() => T | Promise<T>>,
  skipped: number,
  onSkipped: () => Promise<void> | void,
): AsyncGenerator<T, void, undefined> {
  let number = 0
  for await (const item of items) {
    if (number >= skipped) yield await item()
    else if (++number === skipped) await onSkipped()
  }
  if (number < skipped) throw new Error(`${WHERE}: expected ${skipped} batches to pass over, got ${number}`)
}
