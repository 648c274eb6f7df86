import type { ArrayOf, DType } from './dtype.js'

/** What runs of compiled functions use on other threads, by its buffer: other storages may be of the same memory. */
const inUse = new Map<ArrayBufferLike, Set<Storage>>()

/** The memory of a tensor, and of those that share its elements. */
export class Storage<D extends DType = DType> {
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

  /** Whether a run on another thread uses its memory: nobody else may look then. */
  get isBusy(): boolean {
    if (inUse.size === 0) return false
    const used = inUse.get(this.array.buffer)
    return used !== undefined && [...used].some(({ array }) => overlap(array, this.array))
  }

  /** Rejects what is used on another thread, before anything is changed. */
  checkIdle(): void {
    if (this.isBusy) throw busyError()
  }

  /** Keeps everybody away until `endRun`. It must not be busy. */
  beginRun(): void {
    const used = inUse.get(this.array.buffer)
    if (used === undefined) inUse.set(this.array.buffer, new Set([this]))
    else used.add(this)
  }

  endRun(): void {
    const used = inUse.get(this.array.buffer)
    used?.delete(this)
    if (used?.size === 0) inUse.delete(this.array.buffer)
  }

  /** Moves the elements into a buffer that holds nothing else: before anybody sees it. */
  own(): void {
    if (!this.#isPart) return
    this.array = this.array.slice() as ArrayOf[D]
    this.#isPart = false
  }
}

/** Whether two arrays over one buffer are the same, or have memory in common. */
function overlap(a: ArrayOf[DType], b: ArrayOf[DType]): boolean {
  if (a === b) return true
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
}

/** What is thrown where memory is used that belongs to a run on another thread. */
export function busyError(what = 'this tensor'): Error {
  return new Error(
    `busy: a compiled function is at work on ${what} on another thread; await its result first, or use betweenRuns`,
  )
}
