import type { ArrayOf, DType } from './dtype.js'

/** The memory of a tensor, and of those that share its elements. */
export class Storage<D extends DType = DType> {
  /** How many runs of compiled functions use it on another thread: nobody else may look then. */
  runs = 0

  /** Whether nobody but autograd knows it: that of a gradient on its way, or of one that was never looked at. */
  isBorrowed = false

  /** Whether the array's buffer holds others too, which are none of the user's business. */
  #isPart = false

  /** @param array the elements; replaced when they move into memory that other threads can see */
  constructor(
    public array: ArrayOf[D],
    readonly dtype: D,
  ) {}

  /** The storage for an array that `uninitialized` made. */
  static ofPart<D extends DType>(array: ArrayOf[D], dtype: D): Storage<D> {
    const storage = new Storage(array, dtype)
    storage.#isPart = array.byteLength < array.buffer.byteLength
    return storage
  }

  /** Rejects what is used on another thread, before anything is changed. */
  checkIdle(): void {
    if (this.runs > 0) throw busyError()
  }

  /** Moves the elements into a buffer that holds nothing else: before anybody sees it. */
  own(): void {
    if (!this.#isPart) return
    this.array = this.array.slice() as ArrayOf[D]
    this.#isPart = false
  }
}

/** What is thrown where memory is used that belongs to a run on another thread. */
export function busyError(what = 'this tensor'): Error {
  return new Error(`busy: a compiled function is at work on ${what} on another thread; await its result first`)
}
